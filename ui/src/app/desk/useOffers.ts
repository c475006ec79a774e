import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { acceptOffer, declineOffer, inboxQuery } from '@/features/routing/api/inbox';
import { usePhoneState, useSoftphone } from '@/features/telephony/hooks/useSoftphone';
import type { InboxShown, Offer } from '@/shared/api/generated/types.gen';
import { change } from '@/shared/query/live';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';

export interface OfferActions {
  accept: (offer: Offer) => Promise<void>;
  decline: (offer: Offer) => Promise<void>;
  /** Why an offer cannot be accepted this moment, or null. */
  blocked: (offer: Offer) => string | null;
}

/** A chat is accepted by saying so, a call by answering it: the phone that rings for it must be this one. */
export function useOffers(): OfferActions {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const phone = useSoftphone();
  const { call, registration } = usePhoneState();

  const answering = useRef(new Map<string, Promise<void>>());

  const ringsHere = (offer: Offer) =>
    call?.phase === 'ringing' && (call.ref === null || call.ref === offer.id || call.ref === offer.interaction_id);

  /** A key pressed twice, or a key and the button, is one answer. */
  const once = (id: string, work: () => Promise<void>): Promise<void> => {
    const running = answering.current.get(id) ?? work().finally(() => answering.current.delete(id));
    answering.current.set(id, running);
    return running;
  };

  return {
    accept: (offer) => once(offer.id, async () => {
      if (offer.media === 'voice') {
        phone.answer();
      } else {
        const item = await acceptOffer(offer);
        change<InboxShown>(queries, inboxQuery.queryKey, (inbox) => ({
          ...inbox,
          offers: inbox.offers.filter(({ id }) => id !== offer.id),
          mine: [...inbox.mine.filter((mine) => mine.interaction_id !== item.interaction_id), item],
        }));
      }
      await navigate({ to: '/desk', search: { item: offer.interaction_id } });
    }),
    decline: (offer) => once(offer.id, async () => {
      await declineOffer(offer);
      change<InboxShown>(queries, inboxQuery.queryKey, (inbox) => ({ ...inbox, offers: inbox.offers.filter(({ id }) => id !== offer.id) }));
    }),
    blocked: (offer) => {
      if (offer.media !== 'voice' || ringsHere(offer)) return null;
      if (call?.phase === 'answering') return t('offer.answering');
      return registration === 'registered' ? t('offer.not_ringing') : t('offer.no_phone');
    },
  };
}
