import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { shiftQuery } from '@/features/analytics/api/shift';
import { interactionQuery } from '@/features/conversations/api/interactions';
import { messagesKey, sendMessage } from '@/features/conversations/api/messages';
import { OutboxContext } from '@/features/conversations/hooks/useOutbox';
import type { Message } from '@/shared/api/generated/types.gen';
import { Outbox } from '@/shared/conversations/outbox';
import { withMessage } from '@/shared/conversations/transcript';
import { useAgentTopic } from '@/features/routing/hooks/useAgentTopic';
import { SoftphoneContext, useOwnSoftphone } from '@/features/telephony/hooks/useSoftphone';
import { useMessages } from '@/shared/i18n/useMessages';
import { change } from '@/shared/query/live';
import { RealtimeClient, realtimeUrl } from '@/shared/realtime/client';
import { RealtimeContext, useLink } from '@/shared/realtime/RealtimeContext';
import { useMay, useSession } from '@/shared/session/session';
import { messages } from '../messages';
import { SessionWatch } from './SessionWatch';
import { TalkWatch } from './TalkWatch';

const RECOUNT_MS = 1500;

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
        storageKey: `careline.outbox.${user.id}`,
        stored: (message) =>
          change<readonly Message[]>(queries, messagesKey(message.conversation_id), (held) => withMessage(held, message)),
      }),
  );
  const phone = useOwnSoftphone(agent !== null && may('desk:use'));

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

function AgentWatch({ outbox }: { outbox: Outbox<Message> }) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const { agent } = useSession();
  const { notification } = App.useApp();
  const link = useLink();
  const recount = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(recount.current), []);

  useEffect(() => {
    if (link === 'online') outbox.flush();
  }, [link, outbox]);

  useAgentTopic(agent?.id ?? null, {
    interactionChanged: (id) => void queries.invalidateQueries({ queryKey: interactionQuery(id).queryKey }),
    stateChanged: () => {
      // The figures of a day are counted from the event log, which is read a moment after the fact.
      clearTimeout(recount.current);
      recount.current = setTimeout(() => void queries.invalidateQueries({ queryKey: shiftQuery.queryKey }), RECOUNT_MS);
    },
    offerGone: (_id, cause) => {
      if (cause === 'expired') notification.warning({ title: t('offer.expired'), description: t('offer.expired_what'), duration: 10 });
      else if (cause === 'withdrawn') notification.info({ title: t('offer.withdrawn'), duration: 5 });
      else if (cause === 'fault') notification.warning({ title: t('offer.fault'), description: t('offer.fault_what'), duration: 10 });
    },
  });
  return null;
}
