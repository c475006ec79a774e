import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { ErrorPanel, Loading } from '@/design/panels';
import type { UserDetail } from '@/shared/api/generated/types.gen';
import { rolesQuery, userQuery } from '../api/staff';
import { useStaffMessages } from '../words';
import { AccountSection } from './AccountSection';
import { GrantSection } from './GrantSection';
import { PersonSection } from './PersonSection';
import { UserState } from './UserList';

interface Props {
  userId: string | undefined;
  onClose: () => void;
}

/** One user: who that is (system administrator), what they may do (security administrator), their signing in. */
export function UserDrawer({ userId, onClose }: Props) {
  const t = useStaffMessages();
  return (
    <Drawer title={t('user.title')} open={userId !== undefined} onClose={onClose} size={520} destroyOnHidden>
      {userId !== undefined && <OneUser key={userId} userId={userId} />}
    </Drawer>
  );
}

function OneUser({ userId }: { userId: string }) {
  const t = useStaffMessages();
  const user = useQuery(userQuery(userId));
  const roles = useQuery(rolesQuery);
  // What is held stays when asking again fails: somebody may be writing in it.
  const failed = [user, roles].find((query) => query.isError && query.data === undefined);
  if (failed !== undefined) return <ErrorPanel what={t('user.title')} error={failed.error} retry={() => void failed.refetch()} />;
  if (user.data === undefined || roles.data === undefined) return <Loading what={t('user.title')} rows={8} />;
  return <Sections user={user.data} roles={roles.data} />;
}

function Sections({ user, roles }: { user: UserDetail; roles: Parameters<typeof GrantSection>[0]['roles'] }) {
  const administrator = user.grants.some((grant) => roles.find((role) => role.code === grant.role)?.administrator);
  return (
    <>
      <p className="cl-row" style={{ gap: 8, marginBottom: 16 }}>
        <b>{user.display_name}</b>
        <span className="cl-muted">{user.login}</span>
        <UserState user={user} />
      </p>
      <PersonSection user={user} administrator={administrator} />
      <GrantSection user={user} roles={roles} />
      <AccountSection user={user} administrator={administrator} />
    </>
  );
}
