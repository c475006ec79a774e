import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { caseQuery } from '@/features/cases/api/cases';
import { CaseDetail } from '@/features/cases/components/CaseDetail';
import { LeftMessage } from '@/features/letterbox/components/LeftMessage';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function OneCase() {
  const t = useMessages(messages);
  const { caseId } = useParams({ from: '/signed-in/cases/$caseId' });
  const found = useQuery(caseQuery(caseId));
  const number = found.data?.number ?? '';
  return (
    <>
      <PageTop title={number === '' ? t('nav.cases') : number} silent>
        <nav className="cl-row" style={{ gap: 8, minInlineSize: 0 }} aria-label={t('nav.path')}>
          <Link to="/cases" className="cl-nowrap">{t('nav.cases')}</Link>
          <ChevronRight size={14} className="cl-muted" aria-hidden />
          <b className="cl-ellipsis" aria-current="page">{number}</b>
        </nav>
      </PageTop>
      <CaseDetail key={caseId} caseId={caseId} more={found.data?.type === 'message' && <LeftMessage of={{ caseId }} />} />
    </>
  );
}
