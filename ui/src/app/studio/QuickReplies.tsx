import { getRouteApi } from '@tanstack/react-router';
import { QuickReplyList } from '@/features/conversations/components/QuickReplyList';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

const route = getRouteApi('/signed-in/studio/quick-replies');

export function QuickReplies() {
  const t = useMessages(messages);
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageTop title={t('nav.quick_replies')} />
      <QuickReplyList search={q} onSearch={(search) => void navigate({ search: search === '' ? {} : { q: search }, replace: true })} />
    </>
  );
}
