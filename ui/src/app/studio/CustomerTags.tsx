import { TagWords } from '@/features/customers/components/TagWords';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function CustomerTags() {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={t('studio.customer_tags')} />
      <TagWords />
    </>
  );
}
