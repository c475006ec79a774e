import { SealedCases } from '@/features/cases/components/SealedCases';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function SealedComplaints() {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={t('studio.sealed_cases')} />
      <SealedCases />
    </>
  );
}
