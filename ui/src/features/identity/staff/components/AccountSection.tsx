import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { UserDetail } from '@/shared/api/generated/types.gen';
import { useMay, useSession } from '@/shared/session/session';
import { changeUser, resetPassword, signOutEverywhere, STAFF } from '../api/staff';
import { useStaffMessages } from '../words';
import { OneTimePassword } from './OneTimePassword';
import styles from './Staff.module.css';

/** Signing in: a new password, ending sessions, and whether they may at all. The system administrator's part. */
export function AccountSection({ user, administrator }: { user: UserDetail; administrator: boolean }) {
  const t = useStaffMessages();
  const may = useMay();
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const { user: me } = useSession();
  const [password, setPassword] = useState<string | null>(null);
  const settled = () => queries.invalidateQueries({ queryKey: STAFF });
  const reset = useMutation({ mutationFn: () => resetPassword(user.id), onSuccess: (made) => setPassword(made.password), onSettled: settled });
  const signOut = useMutation({
    mutationFn: () => signOutEverywhere(user.id),
    onSuccess: () => void message.success(t('account.signed_out')),
    onSettled: settled,
  });
  const activate = useMutation({ mutationFn: (active: boolean) => changeUser(user.id, { active, version: user.version }), onSettled: settled });
  const failed = [reset, signOut, activate].find((one) => one.isError);
  const ask = (what: 'reset' | 'sign_out' | 'deactivate', todo: () => Promise<unknown>) =>
    modal.confirm({
      title: t(`account.${what}_ask`, { name: user.display_name }),
      content: t(`account.${what}_what`),
      okText: t(`account.${what}`),
      cancelText: t('form.cancel'),
      okButtonProps: { danger: what === 'deactivate' },
      // What fails is told in the section; the question is over.
      onOk: () => todo().catch(() => undefined),
    });

  return (
    <section className={styles.section} aria-labelledby="account">
      <h2 id="account">{t('account.title')}</h2>
      <p className="cl-secondary">{user.sessions === 0 ? t('account.nowhere') : t('account.sessions', { n: user.sessions })}</p>
      {failed !== undefined && <Alert type="error" showIcon title={sentence(failed.error)} style={{ marginBottom: 12 }} />}
      {may('user:manage') && user.id !== me.id && !administrator && (
        <div className={styles.actions}>
          <Button onClick={() => ask('reset', () => reset.mutateAsync())}>{t('account.reset')}</Button>
          <Button disabled={user.sessions === 0} onClick={() => ask('sign_out', () => signOut.mutateAsync())}>
            {t('account.sign_out')}
          </Button>
          {user.active ? (
            <Button danger onClick={() => ask('deactivate', () => activate.mutateAsync(false))}>
              {t('account.deactivate')}
            </Button>
          ) : (
            <Button loading={activate.isPending} onClick={() => activate.mutate(true)}>
              {t('account.activate')}
            </Button>
          )}
        </div>
      )}
      <OneTimePassword login={user.login} password={password} onClose={() => setPassword(null)} />
    </section>
  );
}
