import { useNavigate, useSearch } from '@tanstack/react-router';
import { SkillMatrix } from '@/features/routing-settings/components/SkillMatrix';

export function Skills() {
  const navigate = useNavigate({ from: '/studio/skills' });
  const { q } = useSearch({ from: '/signed-in/studio/skills' });
  return <SkillMatrix q={q} onSearch={(next) => void navigate({ search: { q: next }, replace: true })} />;
}
