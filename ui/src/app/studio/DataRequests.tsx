import { useNavigate, useSearch } from '@tanstack/react-router';
import { RequestsPage } from '@/features/privacy/components/RequestsPage';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function DataRequests() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/data-requests' });
  const filter = useSearch({ from: '/signed-in/studio/data-requests' });
  return (
    <>
      <PageTop title={t('studio.data_requests')} />
      <RequestsPage filter={filter} onFilter={(next) => void navigate({ search: next, replace: true })} />
    </>
  );
}
