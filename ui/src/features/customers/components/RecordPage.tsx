import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Dot, Initial, Label } from '@/design/atoms';
import { MaskedNumber } from '@/design/MaskedNumber';
import { ErrorPanel, Loading } from '@/design/panels';
import type { CustomerRecord } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { yearsSince } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { recordQuery, reveal } from '../api/customers';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { languageName } from '../model/language';
import { Consents } from './Consents';
import { ContactPoints } from './ContactPoints';
import { Duplicates } from './Duplicates';
import { EditButton } from './EditCustomer';
import { Lines } from './Lines';
import { Notes } from './Notes';
import { PastContacts } from './PastContacts';
import styles from './RecordPage.module.css';

const messages = catalogue(zh, en);

interface Props {
  customerId: string;
  /** Shown with what happened. */
  cases: ReactNode;
  /** What else can be done with the customer. */
  actions?: ReactNode;
  onOpenPast?: (interactionId: string) => void;
}

/** Who a customer is, what they have, what happened before. */
export function RecordPage({ customerId, cases, actions, onOpenPast }: Props) {
  const t = useMessages(messages);
  const may = useMay();
  const record = useQuery(recordQuery(customerId));
  // What is held stays when asking again fails: somebody may be writing in it.
  if (record.isError && record.data === undefined) {
    return <ErrorPanel what={t('panel.what')} error={record.error} retry={() => void record.refetch()} />;
  }
  if (record.data === undefined) return <Loading what={t('panel.what')} rows={10} />;
  return (
    <article className={styles.page} aria-label={record.data.customer.name_masked}>
      <RecordHead record={record.data} actions={actions} />
      <div className={styles.body}>
        <div className={styles.column}>
          <Lines record={record.data} />
          <ContactPoints record={record.data} />
          <Consents record={record.data} />
        </div>
        <div className={styles.column}>
          <Notes customerId={customerId} record={record.data} />
          {cases !== null && (
            <section className={styles.card}>
              <h2>{t('cases.title')}</h2>
              {cases}
            </section>
          )}
          {may('history:view') && (
            <div className={styles.past}>
              <PastContacts customerId={customerId} except={null} onOpen={onOpenPast} />
            </div>
          )}
        </div>
      </div>
    </article>
  );
}

function RecordHead({ record, actions }: { record: CustomerRecord; actions: ReactNode }) {
  const t = useMessages(messages);
  const may = useMay();
  const { customer } = record;
  const years = yearsSince(customer.since, useTimeZone(), serverNow());
  const hidden = customer.kind === 'person' && may('customer:reveal');
  return (
    <header className={styles.head}>
      <Initial name={customer.name_masked} size={40} />
      <div className={styles.who}>
        <div className={styles.words}>
          <h2 className="cl-page-title">
            <MaskedNumber masked={customer.name_masked} reveal={hidden ? () => reveal(customer.id, { what: 'name' }) : undefined} />
          </h2>
          {customer.level !== 'standard' && <Label tone="accent">{t(`level.${customer.level}`)}</Label>}
          {customer.tags.map((tag) => (
            <Label key={tag}>{tag}</Label>
          ))}
        </div>
        <p className={`cl-note cl-muted ${styles.words}`}>
          {t(`kind.${customer.kind}`)}
          <Dot />
          {years === 0 ? t('since.this_year') : t('since.years', { n: years })}
          <Dot />
          {t('record.speaks', { language: languageName(customer.language, t.language) })}
        </p>
      </div>
      {may('customer:merge') && <Duplicates customer={customer} />}
      {actions}
      {may('customer:write') && <EditButton customer={customer} />}
    </header>
  );
}
