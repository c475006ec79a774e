import { App } from 'antd';
import { useEffect, useEffectEvent } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { useChooseState } from '@/features/routing/hooks/useChooseState';
import { useReasons } from '@/shared/agents/useReasons';
import type { Chosen, InboxEntry, Offer } from '@/shared/api/generated/types.gen';
import type { OfferActions } from './useOffers';

interface Desk {
  offer: Offer | null;
  actions: OfferActions;
  /** In the order of the inbox. */
  mine: readonly InboxEntry[];
  chosen: string | null;
  onChoose: (interactionId: string) => void;
}

const STATES: Readonly<Record<string, Chosen>> = { Digit1: 'ready', Digit2: 'not_ready', Digit3: 'offline' };

/** The keys of the desk, but for those of a call (useCallKeys) and of the composer. */
export function useDeskKeys({ offer, actions, mine, chosen, onChoose }: Desk): void {
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const state = useChooseState();
  const { reasons } = useReasons();
  const run = (work: Promise<void>) => void work.catch((error: unknown) => void message.error(sentence(error)));

  const move = (step: number) => {
    const at = mine.findIndex(({ interaction_id }) => interaction_id === chosen);
    const next = mine[(at + step + mine.length) % Math.max(1, mine.length)];
    if (next !== undefined) onChoose(next.interaction_id);
  };
  const oldestWaiting = () => {
    const [oldest] = mine.filter((item) => item.waiting_for === 'agent').sort((a, b) => (a.waiting_since ?? a.since).localeCompare(b.waiting_since ?? b.since));
    if (oldest !== undefined) onChoose(oldest.interaction_id);
  };

  const act = (event: KeyboardEvent): (() => void) | undefined => {
    const { key, code, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (key === 'F2' && offer !== null) {
      if (shiftKey) return () => run(actions.decline(offer));
      return actions.blocked(offer) === null ? () => run(actions.accept(offer)) : undefined;
    }
    const wanted = STATES[code];
    const reason = wanted === 'not_ready' ? (reasons[0]?.code ?? null) : null;
    if ((ctrlKey || metaKey) && shiftKey && wanted !== undefined) return () => state.mutate({ chosen: wanted, reason });
    if (!altKey || ctrlKey || metaKey) return undefined;
    if (key === 'ArrowUp') return () => move(-1);
    if (key === 'ArrowDown') return () => move(1);
    return key === 'Enter' ? oldestWaiting : undefined;
  };

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.repeat) return;
    const action = act(event);
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
