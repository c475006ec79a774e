import { queryOptions } from '@tanstack/react-query';
import { json } from '@/shared/http/json';
import type { Page } from '@/shared/http/page';

export interface Message {
  readonly id: string;
  readonly conversation_id: string;
  readonly interaction_id: string | null;
  /** Counts from 1 without gaps within a conversation. */
  readonly seq: number;
  readonly client_id: string | null;
  readonly author: 'customer' | 'agent' | 'system' | 'bot';
  readonly author_name: string | null;
  readonly kind: 'text' | 'notice';
  readonly text: string;
  /** A notice has no text but a code, which is translated, and what fills its sentence. */
  readonly code: string | null;
  readonly params: Readonly<Record<string, unknown>> | null;
  readonly at: string;
}

export const MAX_TEXT = 4000;
const PAGE = 200;

export const messagesKey = (conversationId: string) => ['messages', conversationId] as const;

export const messagesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: messagesKey(conversationId),
    queryFn: async ({ signal }): Promise<readonly Message[]> => {
      const all: Message[] = [];
      for (;;) {
        const page = await json.get<Page<Message>>(`/conversations/${conversationId}/messages`, {
          query: { after: all.at(-1)?.seq ?? 0, limit: PAGE },
          signal,
        });
        all.push(...page.items);
        if (page.next === null || page.items.length === 0) return all;
      }
    },
  });

/** Stored once however often it is sent: `client_id` names it. */
export function sendMessage(conversationId: string, clientId: string, text: string): Promise<Message> {
  return json.post<Message>(`/conversations/${conversationId}/messages`, { client_id: clientId, text });
}

export async function sayRead(conversationId: string, seq: number): Promise<void> {
  await json.post(`/conversations/${conversationId}/read`, { seq });
}

export async function sayTyping(conversationId: string): Promise<void> {
  await json.post(`/conversations/${conversationId}/typing`);
}
