import { SignInPolicyPage } from '@/features/access/components/SignInPolicyPage';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function SignInPolicy() {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={t('nav.sign_in_policy')} />
      <SignInPolicyPage />
    </>
  );
}
