import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef } from 'react';
import { inboxQuery } from '@/features/routing/api/inbox';
import { alertChoice, isInFront, type When } from '@/shared/alerts/choice';
import { bell, type Chime } from '@/shared/alerts/chime';
import { claim, showFront } from '@/shared/alerts/claim';
import { notify } from '@/shared/alerts/notification';
import type { InboxShown, Offer } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay, useSession } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { messages } from '../messages';

const KINDS = { voice: 'alert.call', chat: 'alert.chat', message: 'alert.left' } as const;

interface Alert {
  /** The same in every tab that hears of it. */
  name: string;
  /** What it is about: the next alert of the same thing takes its place. */
  about: string;
  chime: Chime;
  when: When;
  /** How long it rings, in seconds; 0 is once. */
  ringS: number;
  title: string;
  body: string;
  item: string;
}

/**
 * Calls the agent who looks elsewhere: by a sound and by the system's own notification, in one tab of the browser. A
 * notification names the queue and the masked customer, never what was said; a click on it shows that contact.
 */
export function useAlerts(): { customerSaid: (interactionId: string, seq: number) => void } {
  const t = useMessages(messages);
  const { user, agent } = useSession();
  const may = useMay();
  const works = agent !== null && may('desk:use');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const inbox = useQuery({ ...inboxQuery, enabled: works });
  const shown = useRef(new Map<string, () => void>());

  const hush = (about: string) => {
    bell.stop(about);
    shown.current.get(about)?.();
    shown.current.delete(about);
  };
  const tell = async ({ name, about, chime, when, ringS, title, body, item }: Alert) => {
    const { notify: wanted } = alertChoice(user.id).get();
    const open = () => void navigate({ to: '/desk', search: { item } });
    const audible = when === 'always' || (when === 'behind' && !isInFront());
    if (audible && bell.isUnlocked() && (await claim(`sound.${name}`))) bell.ring(about, chime, ringS);
    if (wanted && !isInFront() && (await claim(`note.${name}`))) {
      shown.current.get(about)?.();
      shown.current.set(about, notify({ title, body, tag: about, onClick: open }));
    }
  };

  const offers = inbox.data?.offers;
  const called = useRef(new Set<string>());
  const follow = useEffectEvent((now: readonly Offer[]) => {
    for (const offer of now) {
      if (called.current.has(offer.id)) continue;
      called.current.add(offer.id);
      const left = Math.max(0, Math.floor((Date.parse(offer.deadline) - serverNow()) / 1000));
      const kind = t(KINDS[offer.media]);
      void tell({
        name: offer.id,
        about: offer.id,
        chime: 'offer',
        when: alertChoice(user.id).get().offers,
        ringS: left,
        title: t('alert.offer', { kind }),
        body: t('alert.offer_what', { queue: offer.queue.name, seconds: left }),
        item: offer.interaction_id,
      }).then(() => {
        // Gone while the tabs settled who tells it.
        const { offers: open = [] } = queries.getQueryData<InboxShown>(inboxQuery.queryKey) ?? {};
        if (!open.some(({ id }) => id === offer.id)) hush(offer.id);
      });
    }
    for (const id of called.current) {
      if (now.some((offer) => offer.id === id)) continue;
      called.current.delete(id);
      hush(id);
    }
  });
  useEffect(() => {
    if (offers !== undefined) follow(offers);
  }, [offers]);

  const quiet = useEffectEvent(() => {
    for (const about of shown.current.keys()) if (!called.current.has(about)) hush(about);
  });
  useEffect(() => {
    if (!works) return;
    const over = new AbortController();
    const { signal } = over;
    // A browser gives sound only to a page that was clicked or typed on.
    for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, () => void bell.unlock(), { signal, capture: true });
    // Who looks at the page needs no notification any more.
    window.addEventListener('focus', () => quiet(), { signal });
    const leaveFront = showFront();
    const alerts = shown.current;
    return () => {
      over.abort();
      leaveFront();
      for (const [about, close] of alerts) {
        bell.stop(about);
        close();
      }
    };
  }, [works]);

  return {
    customerSaid: (interactionId, seq) => {
      const entry = queries.getQueryData<InboxShown>(inboxQuery.queryKey)?.mine.find(({ interaction_id }) => interaction_id === interactionId);
      if (entry === undefined) return;
      void tell({
        name: `${interactionId}.${seq}`,
        about: interactionId,
        chime: 'message',
        when: alertChoice(user.id).get().messages,
        ringS: 0,
        title: t('alert.message'),
        body: t('alert.message_what', { who: entry.customer.name_masked ?? t('desk.unknown'), queue: entry.queue.name }),
        item: interactionId,
      });
    },
  };
}
