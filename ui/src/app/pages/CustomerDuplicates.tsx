import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { DuplicatePairs } from '@/features/customers/components/DuplicatePairs';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function CustomerDuplicates() {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={t('customers.duplicates')} silent>
        <nav className="cl-row" style={{ gap: 8, minInlineSize: 0 }} aria-label={t('nav.path')}>
          <Link to="/customers" className="cl-nowrap">{t('nav.customers')}</Link>
          <ChevronRight size={14} className="cl-muted" aria-hidden />
          <b className="cl-ellipsis" aria-current="page">{t('customers.duplicates')}</b>
        </nav>
      </PageTop>
      <DuplicatePairs />
    </>
  );
}
