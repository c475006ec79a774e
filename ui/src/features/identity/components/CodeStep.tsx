import { Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './SignInPage.module.css';

const messages = catalogue(zh, en);

interface Props {
  login: string;
  sending: boolean;
  onCode: (code: string) => void;
  onBack: () => void;
  /** Why the last one was not taken. */
  refused: unknown;
}

/** The second step: the password was right, now the code of the phone. */
export function CodeStep({ login, sending, onCode, onBack, refused }: Props) {
  const t = useMessages(messages);
  const [form] = Form.useForm<{ code: string }>();
  const [lost, setLost] = useState(false);

  // What was refused is not good a second time.
  useEffect(() => {
    if (refused === null) return;
    form.resetFields();
    form.focusField('code');
  }, [form, refused]);

  return (
    <Form<{ code: string }> form={form} layout="vertical" requiredMark={false} onFinish={({ code }) => onCode(code.trim())}>
      <p className="cl-secondary" style={{ marginBottom: 16 }}>
        {t(lost ? 'recovery_what' : 'code_what', { login })}
      </p>
      {lost ? (
        <Form.Item key="recovery" name="code" label={t('recovery')} extra={t('recovery_lost')} rules={[{ required: true, whitespace: true, message: t('recovery_needed') }]}>
          <Input className={styles.code} autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={64} placeholder={t('recovery_form')} autoFocus />
        </Form.Item>
      ) : (
        <Form.Item key="code" name="code" label={t('code')} rules={[{ required: true, whitespace: true, message: t('code_needed') }]}>
          <Input className={styles.code} inputMode="numeric" autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} maxLength={64} autoFocus />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={sending}>
        {t('enter')}
      </Button>
      <Button
        type="link"
        block
        style={{ marginTop: 8 }}
        onClick={() => {
          form.resetFields();
          setLost(!lost);
        }}
      >
        {t(lost ? 'use_code' : 'use_recovery')}
      </Button>
      <Button type="link" block onClick={onBack}>
        {t('back')}
      </Button>
    </Form>
  );
}
