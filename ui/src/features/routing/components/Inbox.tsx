import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { useHeldOrder } from '@/design/useHeldOrder';
import type { AgentState, Offer } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { inboxQuery } from '../api/inbox';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { byUrgency } from '../model/urgency';
import styles from './Inbox.module.css';
import { AskedInLine } from './AskedInLine';
import { InboxLine } from './InboxLine';
import { WithheldNote } from './WithheldNote';

const messages = catalogue(zh, en);

interface Props {
  chosen: string | null;
  onChoose: (interactionId: string) => void;
  /** The card of one offer, with whatever accepting it takes. */
  renderOffer: (offer: Offer) => ReactNode;
  /** Undefined while it is not known. */
  state: AgentState | undefined;
  footer: ReactNode;
  /** Icons only, when the screen is narrow; offers are shown elsewhere then. */
  folded: boolean;
}

/** Offers on top, then mine by urgency. While the pointer or the focus is in the list its order stands still. */
export function Inbox({ chosen, onChoose, renderOffer, state, footer, folded }: Props) {
  const t = useMessages(messages);
  const inbox = useQuery(inboxQuery);
  const { items: mine, list } = useHeldOrder(byUrgency(inbox.data?.mine ?? []), (item) => item.interaction_id);

  return (
    <section className={styles.inbox} data-folded={folded} aria-label={t('inbox.title')}>
      <header className={styles.head}>
        <h2 className="cl-panel-title cl-grow">{t('inbox.title')}</h2>
        <span className="cl-note cl-muted">{t('inbox.order')}</span>
      </header>
      <WithheldNote state={state} className={styles.withheld} />
      <div className={styles.scroll}>
        {inbox.data?.offers.map((offer) => (
          <div key={offer.id}>{renderOffer(offer)}</div>
        ))}
        {inbox.isPending && <Loading what={t('inbox.title')} />}
        {inbox.isError && <ErrorPanel what={t('inbox.title')} error={inbox.error} retry={() => void inbox.refetch()} />}
        {mine.length > 0 && (
          <h3 className={styles.section}>
            {t('inbox.mine')} <span>{mine.length}</span>
          </h3>
        )}
        <div {...list}>
          {mine.map((item) => (
            <InboxLine
              key={item.interaction_id}
              item={item}
              chosen={item.interaction_id === chosen}
              onChoose={() => onChoose(item.interaction_id)}
            />
          ))}
        </div>
        {(inbox.data?.asked_in.length ?? 0) > 0 && (
          <h3 className={styles.section}>
            {t('inbox.asked_in')} <span>{inbox.data?.asked_in.length}</span>
          </h3>
        )}
        {inbox.data?.asked_in.map((entry) => (
          <AskedInLine key={entry.interaction_id} entry={entry} chosen={entry.interaction_id === chosen} onChoose={() => onChoose(entry.interaction_id)} />
        ))}
        {inbox.data?.mine.length === 0 && inbox.data.offers.length === 0 && inbox.data.asked_in.length === 0 && (
          <EmptyPanel>{t(`inbox.empty.${taking(state)}`)}</EmptyPanel>
        )}
      </div>
      <footer className={styles.foot}>{footer}</footer>
    </section>
  );
}

function taking(state: AgentState | undefined): 'all' | 'withheld' | 'none' {
  if (state?.chosen !== 'ready') return 'none';
  return Object.values(state.media).some(({ withheld }) => withheld === null) ? 'all' : 'withheld';
}
