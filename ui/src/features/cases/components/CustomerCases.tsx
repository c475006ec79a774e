import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ErrorPanel, Loading } from '@/design/panels';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { customerCasesQuery } from '../api/cases';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { CaseStateLabel } from './CaseMarks';
import styles from './CustomerCases.module.css';

const messages = catalogue(zh, en);

/** The cases of one customer, as the desk's third column has room for. */
export function CustomerCases({ customerId }: { customerId: string }) {
  const t = useMessages(messages);
  const cases = useQuery(customerCasesQuery(customerId));
  if (cases.isError) return <ErrorPanel what={t('list.title')} error={cases.error} retry={() => void cases.refetch()} />;
  if (cases.data === undefined) return <Loading what={t('list.title')} rows={2} />;
  if (cases.data.items.length === 0) return <p className="cl-note cl-muted">{t('of_customer.none')}</p>;
  return (
    <ul>
      {cases.data.items.map((item) => (
        <li key={item.id} className={styles.case}>
          <Link to="/cases/$caseId" params={{ caseId: item.id }} className="cl-ellipsis">
            {item.title}
          </Link>
          <CaseStateLabel state={item.state} />
        </li>
      ))}
    </ul>
  );
}
