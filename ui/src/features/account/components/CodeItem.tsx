import { Form, Input } from 'antd';

/** The field `code` of a form: a one-time code, or (without `digits`) a recovery code as well. */
export function CodeItem({ label, needed, digits = false }: { label: string; needed: string; digits?: boolean }) {
  return (
    <Form.Item name="code" label={label} rules={[{ required: true, whitespace: true, message: needed }]}>
      <Input {...(digits && { inputMode: 'numeric' })} autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} maxLength={64} autoFocus />
    </Form.Item>
  );
}
