import { getRouteApi } from '@tanstack/react-router';
import { DispositionTree } from '@/features/conversations/components/DispositionTree';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

const route = getRouteApi('/signed-in/studio/dispositions');

export function Dispositions() {
  const t = useMessages(messages);
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageTop title={t('studio.dispositions')} />
      <DispositionTree search={q} onSearch={(search) => void navigate({ search: search === '' ? {} : { q: search }, replace: true })} />
    </>
  );
}
