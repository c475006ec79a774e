import { App } from 'antd';
import { useErrorSentence } from '@/design/useErrorSentence';
import { useChooseState } from '@/features/routing/hooks/useChooseState';
import { useReasons } from '@/shared/agents/useReasons';
import type { InboxEntry, Offer } from '@/shared/api/generated/types.gen';
import { useShortcut } from '@/shared/keyboard/useShortcut';
import type { OfferActions } from './useOffers';

/** The keys that an agent has on every page: for the offer that came first, and for their own state. */
export function useAgentKeys(offer: Offer | null, actions: OfferActions): void {
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const state = useChooseState();
  const { reasons } = useReasons();
  const run = (work: Promise<void> | undefined) => void work?.catch((error: unknown) => void message.error(sentence(error)));

  useShortcut('accept', () => run(offer === null ? undefined : actions.accept(offer)), { ready: offer !== null && actions.blocked(offer) === null });
  useShortcut('decline', () => run(offer === null ? undefined : actions.decline(offer)), { ready: offer !== null });
  useShortcut('ready', () => state.mutate({ chosen: 'ready', reason: null }));
  useShortcut('not_ready', () => state.mutate({ chosen: 'not_ready', reason: reasons[0]?.code ?? null }));
  useShortcut('offline', () => state.mutate({ chosen: 'offline', reason: null }));
}

/** The keys that go through the inbox, in the order in which it stands on the screen. */
export function useInboxKeys(mine: readonly InboxEntry[], chosen: string | null, onChoose: (interactionId: string) => void): void {
  const at = mine.findIndex(({ interaction_id }) => interaction_id === chosen);
  const others = mine.length - (at < 0 ? 0 : 1) > 0;
  const move = (step: number) => {
    const from = at < 0 && step < 0 ? 0 : at;
    const next = mine[(from + step + mine.length) % Math.max(1, mine.length)];
    if (next !== undefined) onChoose(next.interaction_id);
  };
  const waiting = mine.filter((item) => item.waiting_for === 'agent').sort((a, b) => (a.waiting_since ?? a.since).localeCompare(b.waiting_since ?? b.since));

  useShortcut('previous', () => move(-1), { ready: others });
  useShortcut('next', () => move(1), { ready: others });
  useShortcut('oldest', () => waiting[0] !== undefined && onChoose(waiting[0].interaction_id), { ready: waiting.length > 0 });
}
