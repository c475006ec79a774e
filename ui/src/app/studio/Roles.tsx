import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { RoleDrawer } from '@/features/identity/staff/components/RoleDrawer';
import { RoleList } from '@/features/identity/staff/components/RoleList';
import type { RoleShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

/** What roles there are and what they permit. */
export function Roles() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/roles' });
  const { role } = useSearch({ from: '/signed-in/studio/roles' });
  const [fresh, setFresh] = useState<{ like: RoleShown | null } | null>(null);
  const open = (id: string | undefined) => void navigate({ search: { role: id }, replace: true });
  return (
    <>
      <PageTop title={t('studio.roles')} />
      <RoleList onOpen={open} onNew={() => setFresh({ like: null })} />
      <RoleDrawer
        hand={fresh ?? (role === undefined ? null : { id: role })}
        onClose={() => {
          setFresh(null);
          open(undefined);
        }}
        onCopy={(like) => setFresh({ like })}
        onMade={(made) => {
          setFresh(null);
          open(made.id);
        }}
      />
    </>
  );
}
