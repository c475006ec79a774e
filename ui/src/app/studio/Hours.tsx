import { CalendarList } from '@/features/routing-settings/components/CalendarList';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Hours() {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={t('studio.hours')} />
      <CalendarList />
    </>
  );
}
