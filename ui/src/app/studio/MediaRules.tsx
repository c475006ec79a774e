import { MediaRulesForm } from '@/features/routing-settings/components/MediaRulesForm';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function MediaRules() {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={t('studio.media_rules')} />
      <MediaRulesForm />
    </>
  );
}
