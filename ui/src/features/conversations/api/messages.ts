import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { conversationsMessages, conversationsRead, conversationsSend, conversationsTyping } from '@/shared/api/generated/sdk.gen';
import type { Message } from '@/shared/api/generated/types.gen';
import { withMessage } from '@/shared/conversations/transcript';
import { change } from '@/shared/query/live';

export const MAX_TEXT = 4000;
const PAGE = 200;
/** What is read at first, and with each step back. */
const AT_ONCE = 100;
/** Greater than every number. */
const THE_END = 2 ** 31 - 1;

export const messagesKey = (conversationId: string) => ['messages', conversationId] as const;
export const readKey = (conversationId: string) => ['messages-read', conversationId] as const;
const at = (conversationId: string) => ({ path: { conversation_id: conversationId } });

/** The end of a conversation, and whatever came before it that was asked for since (`loadEarlier`). Without gaps. */
export const messagesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: messagesKey(conversationId),
    queryFn: async ({ client, signal }): Promise<readonly Message[]> => {
      const heard = (seq: number) => hear(client, conversationId, seq);
      const first = client.getQueryData<readonly Message[]>(messagesKey(conversationId))?.[0];
      const all: Message[] = [];
      if (first === undefined) {
        const page = await conversationsMessages({ ...at(conversationId), query: { before: THE_END, limit: AT_ONCE }, signal });
        heard(page.customer_read);
        all.push(...page.items);
      } else {
        for (;;) {
          const query = { after: all.at(-1)?.seq ?? first.seq - 1, limit: PAGE };
          const page = await conversationsMessages({ ...at(conversationId), query, signal });
          heard(page.customer_read);
          all.push(...page.items);
          if (page.next === null || page.items.length === 0) break;
        }
      }
      // What was said stays said: a message that came while this was on its way is not taken away again.
      const held = client.getQueryData<readonly Message[]>(messagesKey(conversationId)) ?? [];
      return held.filter(({ seq }) => seq > (all.at(-1)?.seq ?? 0)).reduce(withMessage<Message>, all);
    },
  });

/** Whether something was said before what is held: numbers begin with 1. */
export const hasEarlier = (messages: readonly Message[]): boolean => (messages[0]?.seq ?? 1) > 1;

/** Puts the page before what is held in its place. False when it was the last that one may read. */
export async function loadEarlier(queries: QueryClient, conversationId: string): Promise<boolean> {
  const first = queries.getQueryData<readonly Message[]>(messagesKey(conversationId))?.[0]?.seq;
  if (first === undefined || first <= 1) return false;
  const { items } = await conversationsMessages({ ...at(conversationId), query: { before: first, limit: AT_ONCE } });
  change<readonly Message[]>(queries, messagesKey(conversationId), (held) => [...items.filter(({ seq }) => seq < (held[0]?.seq ?? 0)), ...held]);
  return items.length === AT_ONCE;
}

/** The customer has read up to a number; it never goes back. */
export function hear(queries: QueryClient, conversationId: string, seq: number): void {
  queries.setQueryData<number>(readKey(conversationId), (known = 0) => Math.max(known, seq));
}

/** Stored once however often it is sent: `clientId` names it. */
export function sendMessage(conversationId: string, clientId: string, text: string): Promise<Message> {
  return conversationsSend({ ...at(conversationId), body: { client_id: clientId, text } });
}

export async function sayRead(conversationId: string, seq: number): Promise<void> {
  await conversationsRead({ ...at(conversationId), body: { seq } });
}

export async function sayTyping(conversationId: string): Promise<void> {
  await conversationsTyping(at(conversationId));
}
