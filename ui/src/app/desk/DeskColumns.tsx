import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { ArrowLeft, PanelRightOpen } from 'lucide-react';
import { useState } from 'react';
import { EmptyPanel } from '@/design/panels';
import { AskedInView } from '@/features/conversations/components/AskedInView';
import { ContactView } from '@/features/conversations/components/ContactView';
import { FocusWish, FocusWishContext } from '@/features/conversations/hooks/useFocusWish';
import { agentStateQuery } from '@/features/routing/api/agentState';
import { inboxQuery } from '@/features/routing/api/inbox';
import { Inbox } from '@/features/routing/components/Inbox';
import { OfferCard } from '@/features/routing/components/OfferCard';
import { byUrgency, ringingFirst } from '@/features/routing/model/urgency';
import { PhoneStatus } from '@/features/telephony/components/PhoneStatus';
import type { Offer } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './Desk.module.css';
import { DeskCall } from './DeskCall';
import { DeskCustomer } from './DeskCustomer';
import { DeskLetter } from './DeskLetter';
import { useAgentKeys, useInboxKeys } from './useDeskKeys';
import { useOffers } from './useOffers';
import { useWidth } from './useWidth';

interface Props {
  /** The interaction in the address; null lets the most urgent one be shown. */
  chosen: string | null;
  onChoose: (interactionId: string | null) => void;
}

/** Inbox, contact, customer. What does not fit folds away; composer and call bar stay where they are. */
export function DeskColumns({ chosen, onChoose }: Props) {
  const t = useMessages(messages);
  const width = useWidth();
  const inbox = useQuery(inboxQuery);
  const state = useQuery(agentStateQuery);
  const actions = useOffers();
  const [customerOpen, setCustomerOpen] = useState(false);
  const mine = byUrgency(inbox.data?.mine ?? []);
  const named = mine.find(({ interaction_id }) => interaction_id === chosen);
  const asked = inbox.data?.asked_in.find(({ interaction_id }) => interaction_id === chosen);
  const item = asked !== undefined ? undefined : (named ?? (width === 'phone' ? undefined : mine[0]));
  const shown = asked ?? item;
  const offers = ringingFirst(inbox.data?.offers ?? []);
  const [wish] = useState(() => new FocusWish());
  const wantToWrite = () => {
    // A keyboard on the screen would cover what was just opened.
    if (!window.matchMedia('(pointer: coarse)').matches) wish.make();
  };
  const choose = (id: string) => {
    if (id === shown?.interaction_id) {
      document.querySelector<HTMLElement>('#contact textarea')?.focus();
      return;
    }
    wantToWrite();
    onChoose(id);
  };
  const accept = (offer: Offer) => {
    wantToWrite();
    return actions.accept(offer);
  };
  useAgentKeys(offers[0] ?? null, { ...actions, accept });
  useInboxKeys(mine, shown?.interaction_id ?? null, choose);

  const renderOffer = (offer: (typeof offers)[number]) => (
    <OfferCard
      key={offer.id}
      offer={offer}
      keys={offer === offers[0]}
      blocked={actions.blocked(offer)}
      onAccept={() => accept(offer)}
      onDecline={() => actions.decline(offer)}
    />
  );
  const customer = <DeskCustomer item={shown ?? null} />;
  const folded = width === 'folded';

  return (
    <FocusWishContext value={wish}>
      <div className={styles.columns} data-width={width}>
        {(width !== 'phone' || shown === undefined) && (
          <Inbox
            chosen={shown?.interaction_id ?? null}
            onChoose={choose}
            renderOffer={folded ? () => null : renderOffer}
            state={state.data}
            folded={folded}
            footer={<PhoneStatus />}
          />
        )}
        {folded && <div className={styles.floating}>{offers.map(renderOffer)}</div>}
        {width === 'phone' && shown !== undefined && offers.length > 0 && <div className={styles.floating}>{offers.map(renderOffer)}</div>}
        {shown === undefined
          ? width !== 'phone' && (
              <section className={styles.nothing} id="contact" tabIndex={-1} aria-label={t('desk.contact')}>
                <EmptyPanel>{t('desk.nothing')}</EmptyPanel>
              </section>
            )
          : (
              <div className={styles.contact}>
                {width !== 'wide' && (
                  <div className={styles.tools}>
                    {width === 'phone' && (
                      <Button type="text" icon={<ArrowLeft size={16} aria-hidden />} onClick={() => onChoose(null)}>
                        {t('desk.back')}
                      </Button>
                    )}
                    <span className="cl-grow" />
                    <Button type="text" icon={<PanelRightOpen size={16} aria-hidden />} onClick={() => setCustomerOpen(true)}>
                      {t('desk.customer')}
                    </Button>
                  </div>
                )}
                {asked !== undefined && <AskedInView key={asked.interaction_id} entry={asked} />}
                {item !== undefined && <ContactView
                  key={item.interaction_id}
                  contact={{
                    interactionId: item.interaction_id,
                    conversationId: item.conversation_id,
                    media: item.media,
                    state: item.state,
                    since: item.since,
                    acwDeadline: item.acw_deadline,
                    acwLeft: item.acw_left_s,
                    transfer: item.transfer,
                  }}
                  callBar={<DeskCall key={item.interaction_id} interactionId={item.interaction_id} heldSince={item.held_since} />}
                  letter={
                    <DeskLetter
                      interactionId={item.interaction_id}
                      inHand={item.state !== 'after_contact_work'}
                      onPutOff={() => {
                        void inbox.refetch();
                        onChoose(null);
                      }}
                    />
                  }
                  onRead={() => void inbox.refetch()}
                  onFinished={() => {
                    void inbox.refetch();
                    onChoose(null);
                  }}
                />}
              </div>
            )}
        {width === 'wide' ? (
          customer
        ) : (
          <Drawer title={t('desk.customer')} open={customerOpen} onClose={() => setCustomerOpen(false)} size={width === 'phone' ? '100%' : 388} styles={{ body: { padding: 0 } }}>
            {customer}
          </Drawer>
        )}
      </div>
    </FocusWishContext>
  );
}
