import { useNavigate, useSearch } from '@tanstack/react-router';
import { NumberList } from '@/features/telephony-settings/components/NumberList';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Numbers() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/numbers' });
  const { q } = useSearch({ from: '/signed-in/studio/numbers' });
  return (
    <>
      <PageTop title={t('studio.numbers')} />
      <NumberList q={q} onSearch={(next) => void navigate({ search: { q: next }, replace: true })} />
    </>
  );
}
