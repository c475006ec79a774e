import { useNavigate, useSearch } from '@tanstack/react-router';
import { QueueList } from '@/features/routing-settings/components/QueueList';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Queues() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/queues' });
  const { q } = useSearch({ from: '/signed-in/studio/queues' });
  return (
    <>
      <PageTop title={t('studio.queues')} />
      <QueueList q={q} onSearch={(next) => void navigate({ search: { q: next }, replace: true })} />
    </>
  );
}
