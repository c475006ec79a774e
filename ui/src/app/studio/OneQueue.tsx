import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { QueueEditor } from '@/features/routing-settings/components/QueueEditor';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function OneQueue() {
  const t = useMessages(messages);
  const navigate = useNavigate();
  const { queueId } = useParams({ from: '/signed-in/studio/queues/$queueId' });
  return (
    <>
      <PageTop title={t('studio.queues')} silent>
        <Link to="/studio/queues" className="cl-nowrap">
          {t('studio.queues')}
        </Link>
      </PageTop>
      <QueueEditor key={queueId} queueId={queueId} onLeave={() => void navigate({ to: '/studio/queues' })} />
    </>
  );
}
