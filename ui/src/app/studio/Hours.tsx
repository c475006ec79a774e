import { CalendarList } from '@/features/routing-settings/components/CalendarList';

export function Hours() {
  return <CalendarList />;
}
