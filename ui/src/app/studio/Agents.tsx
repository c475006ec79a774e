import { useNavigate, useSearch } from '@tanstack/react-router';
import { AgentList } from '@/features/routing-settings/components/AgentList';

export function Agents() {
  const navigate = useNavigate({ from: '/studio/agents' });
  const { q } = useSearch({ from: '/signed-in/studio/agents' });
  return <AgentList q={q} onSearch={(next) => void navigate({ search: { q: next }, replace: true })} />;
}
