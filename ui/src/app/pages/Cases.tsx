import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { CaseFilter } from '@/features/cases/api/cases';
import { CaseList } from '@/features/cases/components/CaseList';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Cases() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/cases' });
  const filter = useSearch({ from: '/signed-in/cases' });
  const onFilter = useCallback((next: CaseFilter) => void navigate({ search: next, replace: true }), [navigate]);
  return (
    <>
      <PageTop title={t('nav.cases')} />
      <CaseList filter={filter} onFilter={onFilter} />
    </>
  );
}
