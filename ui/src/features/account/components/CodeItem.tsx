import { Form, Input } from 'antd';

/** The field `code` of a form: a one-time code, or a recovery code. */
export function CodeItem({ label, needed }: { label: string; needed: string }) {
  return (
    <Form.Item name="code" label={label} rules={[{ required: true, whitespace: true, message: needed }]}>
      <Input autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} maxLength={64} autoFocus />
    </Form.Item>
  );
}
