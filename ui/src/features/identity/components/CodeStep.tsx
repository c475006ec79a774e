import { Button, Form, Input } from 'antd';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);

interface Props {
  login: string;
  sending: boolean;
  onCode: (code: string) => void;
  onBack: () => void;
}

/** The second step: the password was right, now the code of the phone. */
export function CodeStep({ login, sending, onCode, onBack }: Props) {
  const t = useMessages(messages);
  return (
    <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={({ code }) => onCode(code.trim())}>
      <p className="cl-secondary" style={{ marginBottom: 16 }}>
        {t('code_what', { login })}
      </p>
      <Form.Item name="code" label={t('code')} extra={t('code_lost')} rules={[{ required: true, whitespace: true, message: t('code_needed') }]}>
        <Input autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} maxLength={64} autoFocus />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={sending}>
        {t('enter')}
      </Button>
      <Button type="link" block onClick={onBack} style={{ marginTop: 8 }}>
        {t('back')}
      </Button>
    </Form>
  );
}
