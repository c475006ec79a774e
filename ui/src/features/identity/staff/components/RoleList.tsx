import { useQuery } from '@tanstack/react-query';
import { Button, Table, type TableColumnsType } from 'antd';
import { Plus } from 'lucide-react';
import { Label } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import type { RoleShown } from '@/shared/api/generated/types.gen';
import { useMay } from '@/shared/session/session';
import { rolesQuery } from '../api/staff';
import { useRoleName, useStaffMessages } from '../words';
import styles from './Staff.module.css';

interface Props {
  onOpen: (roleId: string) => void;
  onNew: () => void;
}

/** What the centre's roles are, how many hold each, and whose of the three administrators it is. */
export function RoleList({ onOpen, onNew }: Props) {
  const t = useStaffMessages();
  const nameOf = useRoleName();
  const may = useMay();
  const roles = useQuery(rolesQuery);
  const columns: TableColumnsType<RoleShown> = [
    {
      title: t('role_field.name'),
      render: (_, role) => (
        <button type="button" className={styles.open} onClick={() => onOpen(role.id)}>
          {nameOf(role, role.code)}
        </button>
      ),
    },
    { title: t('role_field.code'), dataIndex: 'code', responsive: ['md'], render: (code: string) => <code>{code}</code> },
    {
      title: t('role_field.kind'),
      render: (_, { built_in, administrator }) => (
        <span className={styles.labels}>
          <Label tone={built_in ? 'filled' : 'plain'}>{built_in ? t('role_field.built_in') : t('role_field.own')}</Label>
          {administrator !== null && <Label tone="accent">{t(`kind.${administrator}`)}</Label>}
        </span>
      ),
    },
    { title: t('role_field.permissions'), width: 110, align: 'right', render: (_, { permissions }) => Object.keys(permissions).length },
    { title: t('role_field.people'), dataIndex: 'people', width: 110, align: 'right' },
  ];
  return (
    <section aria-label={t('roles.title')}>
      <div className={styles.bar}>
        <p className="cl-secondary" style={{ maxInlineSize: 640 }}>
          {t('roles.what')}
        </p>
        {may('role:grant') && (
          <Button type="primary" icon={<Plus size={16} aria-hidden />} onClick={onNew}>
            {t('roles.new')}
          </Button>
        )}
      </div>
      {roles.isError && <ErrorPanel what={t('roles.title')} error={roles.error} retry={() => void roles.refetch()} />}
      {roles.isPending && <Loading what={t('roles.title')} rows={6} />}
      {roles.data !== undefined && <Table<RoleShown> size="small" rowKey="id" columns={columns} dataSource={roles.data} pagination={false} scroll={{ x: 'max-content' }} />}
    </section>
  );
}
