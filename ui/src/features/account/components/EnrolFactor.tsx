import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input, QRCode } from 'antd';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { EnrolmentShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { confirmFactor, enrolFactor } from '../api/account';
import { messages } from '../messages';
import styles from './Account.module.css';
import { CodeItem } from './CodeItem';
import { CopyButton } from './CopyButton';

interface Props {
  onMade: (codes: readonly string[]) => void;
  onCancel: () => void;
}

/** First the password, then the secret for the phone, then a code of it as proof. */
export function EnrolFactor({ onMade, onCancel }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const begin = useMutation({ mutationFn: ({ password }: { password: string }) => enrolFactor(password), gcTime: 0 });
  if (begin.data !== undefined) return <Scan made={begin.data} onMade={onMade} onCancel={onCancel} />;
  return (
    <Form<{ password: string }> layout="vertical" requiredMark={false} className={styles.form} onFinish={(fields) => begin.mutate(fields)}>
      {begin.isError && <Alert type="error" showIcon title={sentence(begin.error)} style={{ marginBottom: 12 }} />}
      <Form.Item name="password" label={t('factor.password')} rules={[{ required: true, message: t('password.needed') }]}>
        <Input.Password autoComplete="current-password" autoFocus />
      </Form.Item>
      <div className={styles.actions}>
        <Button type="primary" htmlType="submit" loading={begin.isPending}>
          {t('factor.next')}
        </Button>
        <Button onClick={onCancel}>{t('factor.cancel')}</Button>
      </div>
    </Form>
  );
}

function Scan({ made, onMade, onCancel }: Props & { made: EnrolmentShown }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const confirm = useMutation({ mutationFn: ({ code }: { code: string }) => confirmFactor(code), onSuccess: onMade, gcTime: 0 });
  return (
    <div className={styles.enrol}>
      <div className={styles.qr} role="img" aria-label={t('factor.qr')}>
        <div aria-hidden="true">
          <QRCode type="svg" value={made.uri} size={200} errorLevel="L" bordered={false} color="#000" bgColor="#fff" marginSize={0} />
        </div>
      </div>
      <div>
        <p>{t('factor.scan')}</p>
        <code className={styles.secret}>{made.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        <div className={`${styles.actions} ${styles.ways}`}>
          <CopyButton text={made.secret} label={t('factor.copy')} />
          {/* A phone cannot scan its own screen. */}
          <Button className={styles.onPhone} href={made.uri}>
            {t('factor.open_app')}
          </Button>
        </div>
        {confirm.isError && <Alert type="error" showIcon title={sentence(confirm.error)} style={{ marginBottom: 12 }} />}
        <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={(fields) => confirm.mutate(fields)}>
          <CodeItem digits label={t('factor.first_code')} needed={t('factor.code_needed')} />
          <div className={styles.actions}>
            <Button type="primary" htmlType="submit" loading={confirm.isPending}>
              {t('factor.confirm')}
            </Button>
            <Button onClick={onCancel}>{t('factor.cancel')}</Button>
          </div>
        </Form>
      </div>
    </div>
  );
}
