import { useNavigate, useSearch } from '@tanstack/react-router';
import { FlowList } from '@/features/flows/components/FlowList';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Flows() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/flows' });
  const { q } = useSearch({ from: '/signed-in/studio/flows' });
  return (
    <>
      <PageTop title={t('studio.flows')} />
      <FlowList q={q} onSearch={(next) => void navigate({ search: { q: next }, replace: true })} onOpen={(code) => void navigate({ to: '/studio/flows/$code', params: { code } })} />
    </>
  );
}
