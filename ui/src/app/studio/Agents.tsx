import { useNavigate, useSearch } from '@tanstack/react-router';
import { AgentList } from '@/features/routing-settings/components/AgentList';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Agents() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/agents' });
  const { q } = useSearch({ from: '/signed-in/studio/agents' });
  return (
    <>
      <PageTop title={t('studio.agents')} />
      <AgentList q={q} onSearch={(next) => void navigate({ search: { q: next }, replace: true })} />
    </>
  );
}
