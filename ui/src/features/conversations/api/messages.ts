import { queryOptions } from '@tanstack/react-query';
import { conversationsMessages, conversationsRead, conversationsSend, conversationsTyping } from '@/shared/api/generated/sdk.gen';
import type { Message } from '@/shared/api/generated/types.gen';
import { withMessage } from '@/shared/conversations/transcript';

export const MAX_TEXT = 4000;
const PAGE = 200;

export const messagesKey = (conversationId: string) => ['messages', conversationId] as const;
const at = (conversationId: string) => ({ path: { conversation_id: conversationId } });

export const messagesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: messagesKey(conversationId),
    queryFn: async ({ client, signal }): Promise<readonly Message[]> => {
      const all: Message[] = [];
      for (;;) {
        const query = { after: all.at(-1)?.seq ?? 0, limit: PAGE };
        const page = await conversationsMessages({ ...at(conversationId), query, signal });
        all.push(...page.items);
        if (page.next === null || page.items.length === 0) break;
      }
      // What was said stays said: a message that came while this was on its way is not taken away again.
      const held = client.getQueryData<readonly Message[]>(messagesKey(conversationId)) ?? [];
      return held.filter(({ seq }) => seq > (all.at(-1)?.seq ?? 0)).reduce(withMessage<Message>, all);
    },
  });

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
