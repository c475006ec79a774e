import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Logo } from '@/design/Logo';
import { Preferences } from '@/design/Preferences';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { SignInWanted } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { Problem } from '@/shared/http/problem';
import { stored } from '@/shared/storage/stored';
import { sessionQuery, signIn } from '../api/session';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { CodeStep } from './CodeStep';
import { ProviderButton } from './ProviderButton';
import styles from './SignInPage.module.css';

const messages = catalogue(zh, en);

/** The centre this desk belongs to hardly ever changes: it is remembered, the rest is not. */
const lastTenant = stored('careline.tenant', 'demo', (raw) => (typeof raw === 'string' && raw !== '' ? raw : undefined));

interface Props {
  onSignedIn: () => void;
  /** Where they wanted to go. */
  next?: string | undefined;
  /** Why signing in elsewhere led back here, as the code of the refusal. */
  refused?: string | undefined;
}

export function SignInPage({ onSignedIn, next, refused }: Props) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  /** Who has to show a code, too, and may: the password was right. Kept until the page is left. */
  const [known, setKnown] = useState<SignInWanted | null>(null);
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: (session, { tenant }) => {
      lastTenant.set(tenant);
      queries.setQueryData(sessionQuery.queryKey, session);
      onSignedIn();
    },
    onError: (error, fields) => {
      if (isAsked(error)) setKnown(fields);
    },
  });
  const failed = enter.isError && !isAsked(enter.error);

  return (
    <main className={styles.page}>
      <title>{t('title')}</title>
      <div className={styles.card}>
        <header className={styles.head}>
          <Logo size={40} />
          <div>
            <h1 className="cl-page-title">Careline</h1>
            <p className="cl-muted">{t('what')}</p>
          </div>
        </header>
        {refused !== undefined && !failed && known === null && <Alert type="error" showIcon title={sentence(new Problem(401, refused, refused))} style={{ marginBottom: 16 }} role="alert" />}
        {failed && <Alert type="error" showIcon title={sentence(enter.error)} style={{ marginBottom: 16 }} role="alert" />}
        {known !== null && (
          <CodeStep
            login={known.login}
            sending={enter.isPending}
            refused={failed ? enter.error : null}
            onCode={(code) => enter.mutate({ ...known, code })}
            onBack={() => {
              setKnown(null);
              enter.reset();
            }}
          />
        )}
        {known === null && <Form<SignInWanted>
          layout="vertical"
          requiredMark={false}
          initialValues={{ tenant: lastTenant.get() }}
          onFinish={(fields) => enter.mutate({ ...fields, tenant: fields.tenant.trim(), login: fields.login.trim() })}
        >
          <Form.Item name="tenant" label={t('tenant')} rules={[{ required: true, whitespace: true, message: t('tenant_needed') }]}>
            <Input autoComplete="organization" autoCapitalize="none" />
          </Form.Item>
          <Form.Item name="login" label={t('login')} rules={[{ required: true, whitespace: true, message: t('login_needed') }]}>
            <Input autoComplete="username" autoCapitalize="none" autoFocus />
          </Form.Item>
          <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('password_needed') }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={enter.isPending}>
            {t('enter')}
          </Button>
        </Form>}
        {known === null && <ProviderButton next={next} />}
      </div>
      <Preferences />
    </main>
  );
}

const isAsked = (error: unknown) => error instanceof Problem && error.code === 'second-factor-needed';
