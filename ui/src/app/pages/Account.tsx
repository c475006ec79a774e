import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { AccountPage } from '@/features/account/components/AccountPage';
import { sessionQuery } from '@/features/identity/api/session';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Account() {
  const t = useMessages(messages);
  const session = useSession();
  const queries = useQueryClient();
  const router = useRouter();
  const lookAgain = async () => {
    const now = await queries.query({ ...sessionQuery, staleTime: 0 });
    await router.invalidate();
    // Nothing keeps them here any more: on to the work they came for.
    if (session.pending !== null && now !== null && now.pending === null) await router.navigate({ to: '/' });
  };
  return (
    <>
      <PageTop title={t('nav.account')} />
      <AccountPage session={session} onDone={() => void lookAgain()} />
    </>
  );
}
