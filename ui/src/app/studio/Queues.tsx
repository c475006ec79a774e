import { useNavigate, useSearch } from '@tanstack/react-router';
import { QueueList } from '@/features/routing-settings/components/QueueList';

export function Queues() {
  const navigate = useNavigate({ from: '/studio/queues' });
  const { q } = useSearch({ from: '/signed-in/studio/queues' });
  return <QueueList q={q} onSearch={(next) => void navigate({ search: { q: next }, replace: true })} />;
}
