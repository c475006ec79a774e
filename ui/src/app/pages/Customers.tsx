import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { CustomerList } from '@/features/customers/components/CustomerList';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Customers() {
  const t = useMessages(messages);
  const may = useMay();
  const navigate = useNavigate({ from: '/customers' });
  const { q } = useSearch({ from: '/signed-in/customers' });
  const onSearch = useCallback((next: string | undefined) => void navigate({ search: { q: next }, replace: true }), [navigate]);
  return (
    <>
      <PageTop title={t('nav.customers')}>
        {may('customer:merge') && (
          <Link to="/customers/duplicates" className="cl-nowrap">
            {t('customers.duplicates')}
          </Link>
        )}
      </PageTop>
      <CustomerList q={q} onSearch={onSearch} />
    </>
  );
}
