import { useNavigate, useParams } from '@tanstack/react-router';
import { QueueEditor } from '@/features/routing-settings/components/QueueEditor';

export function OneQueue() {
  const navigate = useNavigate();
  const { queueId } = useParams({ from: '/signed-in/studio/queues/$queueId' });
  return <QueueEditor key={queueId} queueId={queueId} onLeave={() => void navigate({ to: '/studio/queues' })} />;
}
