import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Message } from '@/shared/api/generated/types.gen';
import { change, fetchAgain } from '@/shared/query/live';
import { useTopic } from '@/shared/realtime/RealtimeContext';
import { hear, loadEarlier, messagesKey, messagesQuery, readKey } from '../api/messages';
import { leavesGap, withMessage } from '@/shared/conversations/transcript';
import { useOutbox } from './useOutbox';

const TYPING_SHOWN_MS = 4000;

interface Handlers {
  /** Queue, agent or end of the conversation changed. */
  stateChanged?: () => void;
}

/** The messages of a conversation, kept current, and what the other side is doing. */
export function useConversation(conversationId: string, other: Message['author'], handlers: Handlers = {}) {
  const queries = useQueryClient();
  const outbox = useOutbox();
  const messages = useQuery(messagesQuery(conversationId));
  const [typing, setTyping] = useState(false);
  const read = useQuery<number>({ queryKey: readKey(conversationId), queryFn: skipToken });
  const earlier = useMutation({ mutationFn: () => loadEarlier(queries, conversationId) });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refetch = () => fetchAgain(queries, messagesKey(conversationId));

  useEffect(() => () => clearTimeout(timer.current), []);

  useTopic(`conversation:${conversationId}`, {
    reset: refetch,
    event: ({ name, data }) => {
      if (name === 'message.stored') {
        const message = data as Message;
        outbox.confirm(message.client_id);
        if (message.author === other) setTyping(false);
        const held = queries.getQueryData<readonly Message[]>(messagesKey(conversationId));
        change<readonly Message[]>(queries, messagesKey(conversationId), (messages) => withMessage(messages, message));
        if (held !== undefined && leavesGap(held, message)) refetch();
      } else if (name === 'typing' && (data as { author: string }).author === other) {
        setTyping(true);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setTyping(false), TYPING_SHOWN_MS);
      } else if (name === 'read' && (data as { author: string }).author === other) {
        hear(queries, conversationId, (data as { seq: number }).seq);
      } else if (name === 'conversation.state') {
        handlers.stateChanged?.();
      }
    },
  });

  return { messages, typing, readSeq: read.data ?? 0, earlier: { load: () => earlier.mutate(), loading: earlier.isPending, error: earlier.error, more: earlier.data !== false } };
}
