import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Result } from 'antd';
import { Logo } from '@/design/Logo';
import { ErrorPanel, Loading } from '@/design/panels';
import { Preferences } from '@/design/Preferences';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { InvitedShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { acceptInvitation, invitedQuery } from '../api/invitation';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './SignInPage.module.css';

const messages = catalogue(zh, en);
const MIN = 12;

interface Props {
  /** What stands behind `#` in the link. */
  token: string;
  onDone: () => void;
}

/** Somebody chooses their own password, by a link that is good once. */
export function WelcomePage({ token, onDone }: Props) {
  const t = useMessages(messages);
  const invited = useQuery({ ...invitedQuery(token), retry: false });
  return (
    <main className={styles.page}>
      <title>{t('welcome')}</title>
      <div className={styles.card}>
        <header className={styles.head}>
          <Logo size={40} />
          <div>
            <h1 className="cl-page-title">Careline</h1>
            <p className="cl-muted">{invited.data?.tenant_name ?? t('what')}</p>
          </div>
        </header>
        {invited.isPending && <Loading what={t('welcome_link')} rows={3} />}
        {invited.isError && <ErrorPanel what={t('welcome_link')} error={invited.error} retry={() => void invited.refetch()} />}
        {invited.data !== undefined && <Choose token={token} invited={invited.data} onDone={onDone} />}
      </div>
      <Preferences />
    </main>
  );
}

function Choose({ token, invited, onDone }: Props & { invited: InvitedShown }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const accept = useMutation({ mutationFn: ({ password }: { password: string }) => acceptInvitation(token, password) });
  if (accept.isSuccess) {
    return (
      <Result
        status="success"
        title={t('welcome_done')}
        subTitle={t('welcome_sign_in', { tenant: invited.tenant_code, login: invited.login })}
        extra={
          <Button type="primary" onClick={onDone}>
            {t('enter')}
          </Button>
        }
      />
    );
  }
  return (
    <Form<{ password: string }> layout="vertical" requiredMark={false} onFinish={(fields) => accept.mutate(fields)}>
      <p style={{ marginBottom: 16 }}>{t('welcome_what', { name: invited.display_name, login: invited.login })}</p>
      {accept.isError && <Alert type="error" showIcon title={sentence(accept.error)} style={{ marginBottom: 16 }} />}
      <input type="text" name="username" autoComplete="username" value={invited.login} readOnly hidden />
      <Form.Item name="password" label={t('welcome_password')} extra={t('welcome_rule', { min: MIN })} rules={[{ required: true, min: MIN, message: t('welcome_short', { min: MIN }) }]}>
        <Input.Password autoComplete="new-password" autoFocus />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('welcome_again')}
        dependencies={['password']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) => (value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('welcome_differs')))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={accept.isPending}>
        {t('welcome_set')}
      </Button>
    </Form>
  );
}
