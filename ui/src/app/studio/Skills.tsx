import { useNavigate, useSearch } from '@tanstack/react-router';
import { SkillMatrix } from '@/features/routing-settings/components/SkillMatrix';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Skills() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/skills' });
  const { q } = useSearch({ from: '/signed-in/studio/skills' });
  return (
    <>
      <PageTop title={t('studio.skills')} />
      <SkillMatrix q={q} onSearch={(next) => void navigate({ search: { q: next }, replace: true })} />
    </>
  );
}
