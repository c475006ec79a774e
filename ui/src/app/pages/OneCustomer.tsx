import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { CustomerCases } from '@/features/cases/components/CustomerCases';
import { recordQuery } from '@/features/customers/api/customers';
import { RecordPage } from '@/features/customers/components/RecordPage';
import { AskForData } from '@/features/privacy/components/AskForData';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { PastDrawer } from '../desk/PastDrawer';
import { COLUMN, useWidth } from '../desk/useWidth';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function OneCustomer() {
  const t = useMessages(messages);
  const may = useMay();
  const { customerId } = useParams({ from: '/signed-in/customers/$customerId' });
  const width = useWidth();
  const found = useQuery(recordQuery(customerId));
  const [past, setPast] = useState<string | null>(null);
  const name = found.data?.customer.name_masked ?? '';
  const now = found.data?.customer.id ?? customerId;
  if (now !== customerId) return <Navigate to="/customers/$customerId" params={{ customerId: now }} replace />; // merged
  return (
    <>
      <PageTop title={name === '' ? t('nav.customers') : name} silent>
        <nav className="cl-row" style={{ gap: 8, minInlineSize: 0 }} aria-label={t('nav.path')}>
          <Link to="/customers" className="cl-nowrap">{t('nav.customers')}</Link>
          <ChevronRight size={14} className="cl-muted" aria-hidden />
          <b className="cl-ellipsis" aria-current="page">{name}</b>
        </nav>
      </PageTop>
      {/* The list moves aside, so that no contact's rating is under the one that is open. */}
      <div style={{ minBlockSize: '100%', paddingInlineEnd: past !== null && width === 'wide' ? COLUMN : 0 }}>
        <RecordPage
          key={customerId}
          customerId={customerId}
          actions={may('data-request:read') ? <AskForData customerId={customerId} /> : null}
          onOpenPast={may('floor:view') ? setPast : undefined}
          cases={may('case:read') ? <CustomerCases customerId={customerId} interactionId={null} /> : null}
        />
      </div>
      <PastDrawer customerId={customerId} interactionId={past} onClose={() => setPast(null)} />
    </>
  );
}
