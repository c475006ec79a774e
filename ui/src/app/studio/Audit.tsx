import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { AuditFilter } from '@/features/identity/audit/filter';
import { AuditList } from '@/features/identity/audit/components/AuditList';
import { EntryDrawer } from '@/features/identity/audit/components/EntryDrawer';
import { SealState } from '@/features/identity/audit/components/SealState';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

/** What was done here, and the proof that it is all of it. */
export function Audit() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/audit' });
  const { entry, ...filter } = useSearch({ from: '/signed-in/studio/audit' });
  const onFilter = useCallback((next: AuditFilter) => void navigate({ search: next, replace: true }), [navigate]);
  const open = (seq: number | undefined) => void navigate({ search: (now) => ({ ...now, entry: seq }), replace: seq === undefined });
  return (
    <>
      <PageTop title={t('studio.audit')} />
      <SealState filter={filter} />
      <AuditList filter={filter} onFilter={onFilter} onOpen={open} />
      <EntryDrawer seq={entry} onClose={() => open(undefined)} onFilter={onFilter} />
    </>
  );
}
