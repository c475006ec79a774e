import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useErrorSentence } from '@/design/useErrorSentence';
import { useMessages } from '@/shared/i18n/useMessages';
import { renewCodes, turnOffFactor } from '../api/account';
import { messages } from '../messages';
import styles from './Account.module.css';
import { CodeItem } from './CodeItem';

export function RenewCodes({ onMade, onCancel }: { onMade: (codes: readonly string[]) => void; onCancel: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const renew = useMutation({ mutationFn: ({ code }: { code: string }) => renewCodes(code), onSuccess: onMade, gcTime: 0 });
  return (
    <Form<{ code: string }> layout="vertical" requiredMark={false} className={styles.form} onFinish={(fields) => renew.mutate(fields)}>
      <p style={{ marginBottom: 12 }}>{t('factor.renew_what')}</p>
      {renew.isError && <Alert type="error" showIcon title={sentence(renew.error)} style={{ marginBottom: 12 }} />}
      <CodeItem label={t('factor.code')} needed={t('factor.code_needed')} />
      <div className={styles.actions}>
        <Button type="primary" htmlType="submit" loading={renew.isPending}>
          {t('factor.renew')}
        </Button>
        <Button onClick={onCancel}>{t('factor.cancel')}</Button>
      </div>
    </Form>
  );
}

export function TurnOff({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const off = useMutation({ mutationFn: turnOffFactor, onSuccess: onDone });
  return (
    <Form<{ password: string; code: string }> layout="vertical" requiredMark={false} className={styles.form} onFinish={(fields) => off.mutate(fields)}>
      <p style={{ marginBottom: 12 }}>{t('factor.off_what')}</p>
      {off.isError && <Alert type="error" showIcon title={sentence(off.error)} style={{ marginBottom: 12 }} />}
      <Form.Item name="password" label={t('factor.password')} rules={[{ required: true, message: t('password.needed') }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <CodeItem label={t('factor.code')} needed={t('factor.code_needed')} />
      <div className={styles.actions}>
        <Button danger type="primary" htmlType="submit" loading={off.isPending}>
          {t('factor.turn_off')}
        </Button>
        <Button onClick={onCancel}>{t('factor.cancel')}</Button>
      </div>
    </Form>
  );
}
