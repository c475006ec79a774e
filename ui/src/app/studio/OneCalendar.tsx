import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { CalendarEditor } from '@/features/routing-settings/components/CalendarEditor';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function OneCalendar() {
  const t = useMessages(messages);
  const navigate = useNavigate();
  const { calendarId } = useParams({ from: '/signed-in/studio/hours/$calendarId' });
  return (
    <>
      <PageTop title={t('studio.hours')} silent>
        <Link to="/studio/hours" className="cl-nowrap">
          {t('studio.hours')}
        </Link>
      </PageTop>
      <CalendarEditor key={calendarId} calendarId={calendarId} onLeave={() => void navigate({ to: '/studio/hours' })} />
    </>
  );
}
