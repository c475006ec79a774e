import { useNavigate, useParams } from '@tanstack/react-router';
import { CalendarEditor } from '@/features/routing-settings/components/CalendarEditor';

export function OneCalendar() {
  const navigate = useNavigate();
  const { calendarId } = useParams({ from: '/signed-in/studio/hours/$calendarId' });
  return <CalendarEditor key={calendarId} calendarId={calendarId} onLeave={() => void navigate({ to: '/studio/hours' })} />;
}
