import { Table, type TableColumnsType } from 'antd';
import { Label } from '@/design/atoms';
import type { ServiceAccountShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment, formatShortDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { messages } from '../messages';
import { usePermissionName } from '@/shared/permissions/permissionName';
import styles from './Access.module.css';
import { AccountActions } from './AccountActions';

interface Props {
  items: ServiceAccountShown[];
  onChanged: () => void;
}

export function ServiceAccountTable({ items, onChanged }: Props) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const nameOf = usePermissionName();
  const columns: TableColumnsType<ServiceAccountShown> = [
    {
      title: t('accounts.name'),
      render: (_, one) => (
        <>
          <b>{one.name}</b>
          <p className="cl-note cl-muted">{t('accounts.by', { name: one.created_by, at: formatShortDay(one.created_at, zone, serverNow()) })}</p>
        </>
      ),
    },
    {
      title: t('accounts.permissions'),
      responsive: ['md'],
      render: (_, { permissions }) => (
        <div className={styles.permissions}>
          {Object.entries(permissions).map(([code, scope]) => (
            <Label key={code}>{`${nameOf(code)} · ${t(`scope.${scope}`)}`}</Label>
          ))}
        </div>
      ),
    },
    {
      title: t('accounts.used'),
      width: 150,
      responsive: ['sm'],
      render: (_, { last_used_at }) => (last_used_at === null ? <span className="cl-muted">{t('accounts.never')}</span> : formatMoment(last_used_at, t.language, zone, serverNow())),
    },
    { title: t('accounts.state'), width: 140, render: (_, one) => <State account={one} /> },
    { title: <span className="cl-hidden">{t('accounts.actions')}</span>, align: 'right', render: (_, one) => <AccountActions account={one} onChanged={onChanged} /> },
  ];
  return <Table<ServiceAccountShown> size="small" rowKey="id" columns={columns} dataSource={items} pagination={false} />;
}

function State({ account }: { account: ServiceAccountShown }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  if (account.revoked_at !== null) return <Label>{t('accounts.revoked')}</Label>;
  if (Date.parse(account.expires_at) <= serverNow()) return <Label tone="warn">{t('accounts.expired')}</Label>;
  if (account.approved_at === null) return <Label tone="warn">{t('accounts.waits')}</Label>;
  return <Label tone="ok">{t('accounts.until', { day: formatShortDay(account.expires_at, zone, serverNow()) })}</Label>;
}
