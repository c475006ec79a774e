import { createContext, use, useSyncExternalStore } from 'react';
import type { Message } from '@/shared/api/generated/types.gen';
import type { Outbox } from '@/shared/conversations/outbox';
import type { Pending } from '@/shared/conversations/pending';

export const OutboxContext = createContext<Outbox<Message> | null>(null);

export function useOutbox(): Outbox<Message> {
  const outbox = use(OutboxContext);
  if (outbox === null) throw new Error('OutboxContext has no outbox: the page must provide one');
  return outbox;
}

/** What is on its way in one conversation, in the order in which it was said. */
export function usePending(conversationId: string): readonly Pending[] {
  const outbox = useOutbox();
  return useSyncExternalStore(outbox.subscribe, outbox.getPending).filter((entry) => entry.conversationId === conversationId);
}
