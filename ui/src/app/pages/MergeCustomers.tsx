import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { MergePage } from '@/features/customers/components/MergePage';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function MergeCustomers() {
  const t = useMessages(messages);
  const navigate = useNavigate();
  const { customerId } = useParams({ from: '/signed-in/customers/$customerId/merge' });
  const { with: absorbedId } = useSearch({ from: '/signed-in/customers/$customerId/merge' });
  return (
    <>
      <PageTop title={t('customers.merge')} silent>
        <nav className="cl-row" style={{ gap: 8, minInlineSize: 0 }} aria-label={t('nav.path')}>
          <Link to="/customers" className="cl-nowrap">{t('nav.customers')}</Link>
          <ChevronRight size={14} className="cl-muted" aria-hidden />
          <b className="cl-ellipsis" aria-current="page">{t('customers.merge')}</b>
        </nav>
      </PageTop>
      <MergePage
        survivorId={customerId}
        absorbedId={absorbedId}
        onSwap={() =>
          void navigate({ to: '/customers/$customerId/merge', params: { customerId: absorbedId }, search: { with: customerId }, replace: true })
        }
        onDone={() => void navigate({ to: '/customers/$customerId', params: { customerId }, replace: true })}
      />
    </>
  );
}
