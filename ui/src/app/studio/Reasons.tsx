import { ReasonsForm } from '@/features/routing-settings/components/ReasonsForm';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Reasons() {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={t('studio.reasons')} />
      <ReasonsForm />
    </>
  );
}
