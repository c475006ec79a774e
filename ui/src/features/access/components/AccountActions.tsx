import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { Label } from '@/design/atoms';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { ServiceAccountShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { formatDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { approveServiceAccount, refuseServiceAccount, revokeServiceAccount } from '../api/access';
import { messages } from '../messages';
import { usePermissionName } from '@/shared/permissions/permissionName';
import styles from './Access.module.css';

interface Props {
  account: ServiceAccountShown;
  onChanged: () => void;
}

/** Who keeps the system revokes; who says who may do what approves, and takes that back. */
export function AccountActions({ account, onChanged }: Props) {
  const may = useMay();
  if (account.revoked_at !== null) return null;
  return (
    <div className={styles.actions}>
      {may('role:grant') && account.approved_at === null && <Approve account={account} onChanged={onChanged} />}
      {(may('role:grant') || may('service-account:manage')) && <Revoke account={account} onChanged={onChanged} />}
    </div>
  );
}

function Approve({ account, onChanged }: Props) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const nameOf = usePermissionName();
  const sentence = useErrorSentence();
  const { modal, message } = App.useApp();
  const approve = useMutation({
    mutationFn: approveServiceAccount,
    onSuccess: () => void message.success(t('accounts.approve_done', { name: account.name })),
    onError: (error) => void message.error(sentence(error)),
    onSettled: onChanged,
  });
  const ask = () =>
    modal.confirm({
      title: t('accounts.approve_ask', { name: account.name }),
      content: (
        <>
          <p style={{ marginBottom: 8 }}>{t('accounts.approve_what')}</p>
          <div className={styles.permissions}>
            {Object.entries(account.permissions).map(([code, scope]) => (
              <Label key={code}>{`${nameOf(code)} · ${t(`scope.${scope}`)}`}</Label>
            ))}
          </div>
          <p className="cl-muted" style={{ marginTop: 8 }}>
            {t('accounts.approve_whose', { name: account.created_by, day: formatDay(account.expires_at, t.language, zone) })}
          </p>
        </>
      ),
      okText: t('accounts.approve'),
      cancelText: t('accounts.cancel'),
      onOk: () => approve.mutateAsync(account.id).catch(() => undefined),
    });
  return (
    <Button size="small" type="primary" onClick={ask} aria-label={t('accounts.approve_this', { name: account.name })}>
      {t('accounts.approve')}
    </Button>
  );
}

function Revoke({ account, onChanged }: Props) {
  const t = useMessages(messages);
  const may = useMay();
  const sentence = useErrorSentence();
  const { modal, message } = App.useApp();
  const revoke = useMutation({
    mutationFn: may('service-account:manage') ? revokeServiceAccount : refuseServiceAccount,
    onSuccess: () => void message.success(t('accounts.revoke_done', { name: account.name })),
    onError: (error) => void message.error(sentence(error)),
    onSettled: onChanged,
  });
  const ask = () =>
    modal.confirm({
      title: t('accounts.revoke_ask', { name: account.name }),
      content: t('accounts.revoke_what'),
      okText: t('accounts.revoke'),
      okButtonProps: { danger: true },
      cancelText: t('accounts.cancel'),
      onOk: () => revoke.mutateAsync(account.id).catch(() => undefined),
    });
  return (
    <Button size="small" onClick={ask} aria-label={t('accounts.revoke_this', { name: account.name })}>
      {t('accounts.revoke')}
    </Button>
  );
}
