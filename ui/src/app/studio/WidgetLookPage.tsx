import { WidgetLook } from '@/features/widget-look/components/WidgetLook';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function WidgetLookPage() {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={t('studio.widget')} />
      <WidgetLook />
    </>
  );
}
