import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Label } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { contactCasesQuery, customerCasesQuery } from '../api/cases';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { CaseStateLabel } from './CaseMarks';
import styles from './CustomerCases.module.css';

const messages = catalogue(zh, en);

interface Props {
  /** Null while nobody knows who it is: then the cases are those made out of this contact. */
  customerId: string | null;
  /** The contact in hand; its cases are marked. Null where none is in hand. */
  interactionId: string | null;
}

/** The cases of one customer, as the desk's third column has room for. */
export function CustomerCases({ customerId, interactionId }: Props) {
  const t = useMessages(messages);
  const cases = useQuery(customerId === null ? contactCasesQuery(interactionId ?? '') : customerCasesQuery(customerId));
  if (cases.isError && cases.data === undefined) return <ErrorPanel what={t('list.title')} error={cases.error} retry={() => void cases.refetch()} />;
  if (cases.data === undefined) return <Loading what={t('list.title')} rows={2} />;
  if (cases.data.items.length === 0) return <p className="cl-note cl-muted">{t(customerId === null ? 'of_contact.none' : 'of_customer.none')}</p>;
  return (
    <ul>
      {cases.data.items.map((item) => (
        <li key={item.id} className={styles.case}>
          <Link to="/cases/$caseId" params={{ caseId: item.id }} className="cl-ellipsis">
            {item.title || t('erased')}
          </Link>
          {interactionId !== null && item.interaction_id === interactionId && <Label tone="accent">{t('of_contact.this')}</Label>}
          <CaseStateLabel state={item.state} />
        </li>
      ))}
    </ul>
  );
}
