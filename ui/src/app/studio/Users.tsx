import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { UserFilter } from '@/features/identity/staff/filter';
import { NewUserDrawer } from '@/features/identity/staff/components/NewUserDrawer';
import { OneTimePassword } from '@/features/identity/staff/components/OneTimePassword';
import { UserDrawer } from '@/features/identity/staff/components/UserDrawer';
import { UserList } from '@/features/identity/staff/components/UserList';
import type { UserMade } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

/** Who works here, and what they may do. */
export function Users() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/users' });
  const { user, ...filter } = useSearch({ from: '/signed-in/studio/users' });
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<UserMade | null>(null);
  const onFilter = useCallback(
    (next: UserFilter) => void navigate({ search: (now) => ({ user: now.user, ...next }), replace: true }),
    [navigate],
  );
  const open = (id: string | undefined) => void navigate({ search: (now) => ({ ...now, user: id }), replace: true });
  return (
    <>
      <PageTop title={t('studio.users')} />
      <UserList filter={filter} onFilter={onFilter} onOpen={open} onNew={() => setMaking(true)} />
      <UserDrawer userId={user} onClose={() => open(undefined)} />
      <NewUserDrawer
        open={making}
        onClose={() => setMaking(false)}
        onMade={(one) => {
          setMaking(false);
          setMade(one);
        }}
      />
      <OneTimePassword
        login={made?.user.login ?? ''}
        password={made?.password ?? null}
        onClose={() => {
          if (made !== null) open(made.user.id);
          setMade(null);
        }}
      />
    </>
  );
}
