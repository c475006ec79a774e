import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Table, type TableColumnsType } from 'antd';
import { UserPlus } from 'lucide-react';
import { Label } from '@/design/atoms';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { UserShown } from '@/shared/api/generated/types.gen';
import { useMay } from '@/shared/session/session';
import { postsQuery, rolesQuery, unitsQuery, usersQuery } from '../api/staff';
import type { UserFilter } from '../filter';
import { pathOf } from '../tree';
import { useRoleName, useStaffMessages } from '../words';
import styles from './Staff.module.css';
import { UserFilters } from './UserFilters';

interface Props {
  filter: UserFilter;
  onFilter: (filter: UserFilter) => void;
  onOpen: (userId: string) => void;
  onNew: () => void;
}

/** Who may sign in here, by the filter that lives in the address. */
export function UserList({ filter, onFilter, onOpen, onNew }: Props) {
  const t = useStaffMessages();
  const may = useMay();
  const users = useInfiniteQuery(usersQuery(filter));
  const units = useQuery(unitsQuery);
  const posts = useQuery(postsQuery);
  const roles = useQuery(rolesQuery);
  const items = users.data?.pages.flatMap((page) => page.items) ?? [];

  const columns: TableColumnsType<UserShown> = [
    {
      title: t('user.name'),
      width: 180,
      render: (_, { id, display_name }) => (
        <button type="button" className={styles.open} onClick={() => onOpen(id)}>
          {display_name}
        </button>
      ),
    },
    { title: t('user.login'), dataIndex: 'login', width: 120 },
    {
      title: t('user.unit'),
      responsive: ['md'],
      render: (_, { org_unit_id }) => {
        const path = pathOf(units.data ?? [], org_unit_id);
        return <span title={path.join(' / ')}>{path.at(-1)}</span>;
      },
    },
    { title: t('user.post'), responsive: ['lg'], render: (_, { post_id }) => posts.data?.find((post) => post.id === post_id)?.name ?? '\u2014' },
    { title: t('user.roles'), render: (_, { grants }) => <RoleNames grants={grants} roles={roles.data ?? []} /> },
    { title: t('user.state'), width: 120, render: (_, user) => <UserState user={user} /> },
  ];

  return (
    <section aria-label={t('users.title')}>
      <div className={styles.bar}>
        <UserFilters filter={filter} units={units.data ?? []} roles={roles.data ?? []} onFilter={onFilter} />
        {may('user:manage') && (
          <Button type="primary" icon={<UserPlus size={16} aria-hidden />} onClick={onNew}>
            {t('users.new')}
          </Button>
        )}
      </div>
      {users.isError && <ErrorPanel what={t('users.title')} error={users.error} retry={() => void users.refetch()} />}
      {users.isPending && <Loading what={t('users.title')} rows={8} />}
      {users.data !== undefined && items.length === 0 && (
        <EmptyPanel
          action={
            <Button size="small" onClick={() => onFilter({})}>
              {t('filter.clear')}
            </Button>
          }
        >
          {t('users.none_match')}
        </EmptyPanel>
      )}
      {items.length > 0 && (
        <>
          <Table<UserShown> size="small" rowKey="id" columns={columns} dataSource={items} pagination={false} scroll={{ x: 'max-content' }} />
          {users.hasNextPage && (
            <Button className={styles.more} loading={users.isFetchingNextPage} onClick={() => void users.fetchNextPage()}>
              {t('list.more')}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

function RoleNames({ grants, roles }: { grants: UserShown['grants']; roles: { code: string; name: string; built_in: boolean }[] }) {
  const t = useStaffMessages();
  const nameOf = useRoleName();
  if (grants.length === 0) return <span className="cl-muted">{t('user.no_roles')}</span>;
  return (
    <span className={styles.labels}>
      {grants.map(({ role, scope }) => (
        <Label key={role}>
          {nameOf(
            roles.find(({ code }) => code === role),
            role,
          )}
          {scope !== null && ` · ${t(`scope.${scope}`)}`}
        </Label>
      ))}
    </span>
  );
}

export function UserState({ user }: { user: Pick<UserShown, 'active' | 'password_issued'> }) {
  const t = useStaffMessages();
  if (!user.active) return <Label tone="filled">{t('state.inactive')}</Label>;
  return user.password_issued ? <Label tone="warn">{t('state.invited')}</Label> : <Label tone="ok">{t('state.active')}</Label>;
}
