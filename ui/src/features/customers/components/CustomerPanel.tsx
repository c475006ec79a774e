import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactNode } from 'react';
import { Dot, Initial, Label } from '@/design/atoms';
import { MaskedNumber } from '@/design/MaskedNumber';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { CustomerShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { yearsSince } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { customerQuery, revealNumber } from '../api/customers';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CustomerPanel.module.css';
import { PastContacts } from './PastContacts';
import { SubscriptionList } from './SubscriptionList';

const messages = catalogue(zh, en);

/** Comes after what an agent needs in the first second, and in a file of its own. */
const PanelRecord = lazy(() => import('./PanelRecord').then((module) => ({ default: module.PanelRecord })));

interface Props {
  /** Nothing is in hand. */
  idle: boolean;
  /** Null while nobody knows who it is. */
  customerId: string | null;
  /** The contact in hand, which is no history yet. */
  currentInteractionId: string | null;
  cases: ReactNode;
  actions: ReactNode;
  /** How sure we are who speaks, and what can be done about it. */
  assurance: ReactNode;
  /** Reads an earlier contact in place. */
  onOpenPast: (interactionId: string) => void;
}

/** Who it is, what they have, what happened before, what to do next. */
export function CustomerPanel({ idle, customerId, currentInteractionId, cases, actions, assurance, onOpenPast }: Props) {
  const t = useMessages(messages);
  return (
    <aside className={styles.panel} aria-label={t('panel.title')}>
      <div className={styles.scroll}>
        {customerId === null ? (
          <>
            <EmptyPanel>{idle ? t('panel.idle') : t('panel.unknown')}</EmptyPanel>
            {cases !== null && <CaseBlock>{cases}</CaseBlock>}
          </>
        ) : (
          <KnownCustomer id={customerId} currentInteractionId={currentInteractionId} cases={cases} assurance={assurance} onOpenPast={onOpenPast} />
        )}
      </div>
      <footer className={styles.actions}>{actions}</footer>
    </aside>
  );
}

interface Known extends Pick<Props, 'currentInteractionId' | 'cases' | 'assurance' | 'onOpenPast'> {
  id: string;
}

function KnownCustomer({ id, currentInteractionId, cases, assurance, onOpenPast }: Known) {
  const t = useMessages(messages);
  const may = useMay();
  const customer = useQuery(customerQuery(id));
  if (customer.isError && customer.data === undefined) return <ErrorPanel what={t('panel.what')} error={customer.error} retry={() => void customer.refetch()} />;
  if (customer.data === undefined) return <Loading what={t('panel.what')} rows={6} />;
  return (
    <>
      <CustomerHead customer={customer.data} />
      {assurance}
      <SubscriptionList customer={customer.data} />
      <Suspense fallback={null}>
        <PanelRecord customerId={id} />
      </Suspense>
      {cases !== null && <CaseBlock>{cases}</CaseBlock>}
      {may('history:view') && <PastContacts customerId={id} except={currentInteractionId} onOpen={onOpenPast} />}
    </>
  );
}

function CaseBlock({ children }: { children: ReactNode }) {
  const t = useMessages(messages);
  return (
    <section className={styles.block}>
      <h3>{t('cases.title')}</h3>
      {children}
    </section>
  );
}

function CustomerHead({ customer }: { customer: CustomerShown }) {
  const t = useMessages(messages);
  const may = useMay();
  const first = customer.subscriptions[0];
  const years = yearsSince(customer.since, useTimeZone(), serverNow());
  return (
    <header className={styles.head}>
      <Initial name={customer.name_masked} size={40} />
      <div className="cl-grow">
        <div className="cl-row" style={{ gap: 6, flexWrap: 'wrap' }}>
          <h2 className="cl-panel-title">{customer.name_masked}</h2>
          {customer.level !== 'standard' && <Label tone="accent">{t(`level.${customer.level}`)}</Label>}
          {customer.tags.map((tag) => (
            <Label key={tag}>{tag}</Label>
          ))}
        </div>
        <div className={`cl-note cl-muted ${styles.number}`}>
          {first !== undefined && (
            <MaskedNumber
              key={first.id}
              masked={first.msisdn_masked}
              reveal={may('customer:reveal') ? () => revealNumber(customer.id, first.id) : undefined}
            />
          )}
          <Dot />
          {years === 0 ? t('since.this_year') : t('since.years', { n: years })}
        </div>
      </div>
    </header>
  );
}
