import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { Label } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { casesAboutQuery } from '../api/cases';
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
  const cases = useInfiniteQuery(casesAboutQuery(customerId, interactionId ?? ''));
  if (cases.isError && cases.data === undefined) return <ErrorPanel what={t('list.title')} error={cases.error} retry={() => void cases.refetch()} />;
  if (cases.data === undefined) return <Loading what={t('list.title')} rows={2} />;
  const items = cases.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="cl-note cl-muted">{t(customerId === null ? 'of_contact.none' : 'of_customer.none')}</p>;
  return (
    <ul>
      {items.map((item) => (
        <li key={item.id} className={styles.case}>
          <Link to="/cases/$caseId" params={{ caseId: item.id }} className="cl-ellipsis">
            {item.title || t('erased')}
          </Link>
          {interactionId !== null && item.interaction_id === interactionId && <Label tone="accent">{t('of_contact.this')}</Label>}
          <CaseStateLabel state={item.state} />
        </li>
      ))}
      {cases.hasNextPage && (
        <li>
          <Button type="link" size="small" style={{ paddingInline: 0 }} loading={cases.isFetchingNextPage} onClick={() => void cases.fetchNextPage()}>
            {t('list.more')}
          </Button>
        </li>
      )}
    </ul>
  );
}
