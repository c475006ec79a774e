import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { messagesKey, sendMessage } from '@/features/conversations/api/messages';
import { OutboxContext } from '@/features/conversations/hooks/useOutbox';
import { inboxQuery } from '@/features/routing/api/inbox';
import type { Message } from '@/shared/api/generated/types.gen';
import { Outbox } from '@/shared/conversations/outbox';
import { sendFile } from '@/shared/conversations/sendFile';
import { withMessage } from '@/shared/conversations/transcript';
import { SoftphoneContext, useOwnSoftphone } from '@/features/telephony/hooks/useSoftphone';
import { change } from '@/shared/query/live';
import { RealtimeClient, realtimeUrl } from '@/shared/realtime/client';
import { RealtimeContext } from '@/shared/realtime/RealtimeContext';
import { useMay, useSession } from '@/shared/session/session';
import { outboxOf } from '@/shared/storage/drafts';
import { AgentWatch } from './AgentWatch';
import { SessionWatch } from './SessionWatch';
import { TalkWatch } from './TalkWatch';

/** What lives as long as somebody is signed in: the live connection, the phone, the messages on their way. */
export function LiveServices({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const { agent, user } = useSession();
  const may = useMay();
  const [realtime] = useState(() => new RealtimeClient({ url: realtimeUrl() }));
  const [outbox] = useState(
    () =>
      new Outbox<Message>({
        send: sendMessage,
        sendFile: (entry, ...file) => sendFile(`/conversations/${entry.conversationId}/files`, entry, ...file),
        storageKey: outboxOf(user.id),
        stored: (message) => {
          change<readonly Message[]>(queries, messagesKey(message.conversation_id), (held) => withMessage(held, message));
          // With my words it is the customer's turn.
          void queries.invalidateQueries({ queryKey: inboxQuery.queryKey });
        },
      }),
  );
  const phone = useOwnSoftphone(agent !== null && may('desk:use'));

  useEffect(() => {
    let seen = false;
    let lost = false;
    return realtime.onLink(() => {
      const online = realtime.getLink() === 'online';
      if (online && lost) phone.askAgain();
      lost = seen && !online;
      seen ||= online;
    });
  }, [realtime, phone]);

  useEffect(() => {
    realtime.start();
    outbox.start();
    return () => {
      realtime.stop();
      outbox.stop();
    };
  }, [realtime, outbox]);

  return (
    <RealtimeContext value={realtime}>
      <OutboxContext value={outbox}>
        <SoftphoneContext value={phone}>
          <SessionWatch />
          <AgentWatch outbox={outbox} />
          <TalkWatch />
          {children}
        </SoftphoneContext>
      </OutboxContext>
    </RealtimeContext>
  );
}
