import { useNavigate, useSearch } from '@tanstack/react-router';
import { ServiceAccountsPage } from '@/features/access/components/ServiceAccountsPage';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function ServiceAccounts() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/service-accounts' });
  const filter = useSearch({ from: '/signed-in/studio/service-accounts' });
  return (
    <>
      <PageTop title={t('nav.service_accounts')} />
      <ServiceAccountsPage filter={filter} onFilter={(next) => void navigate({ search: next, replace: true })} />
    </>
  );
}
