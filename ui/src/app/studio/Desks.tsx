import { DeskList } from '@/features/routing-settings/components/DeskList';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Desks() {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={t('studio.desks')} />
      <DeskList />
    </>
  );
}
