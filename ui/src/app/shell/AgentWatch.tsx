import { useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { App } from 'antd';
import { useEffect, useRef } from 'react';
import { shiftQuery } from '@/features/analytics/api/shift';
import { interactionQuery } from '@/features/conversations/api/interactions';
import { useAgentTopic } from '@/features/routing/hooks/useAgentTopic';
import type { Message } from '@/shared/api/generated/types.gen';
import type { Outbox } from '@/shared/conversations/outbox';
import { useMessages } from '@/shared/i18n/useMessages';
import { useLink } from '@/shared/realtime/RealtimeContext';
import { useSession } from '@/shared/session/session';
import { useWidth } from '../desk/useWidth';
import { messages } from '../messages';
import { useAlerts } from './useAlerts';

const RECOUNT_MS = 1500;

/** Follows what happens to the agent, on every page. */
export function AgentWatch({ outbox }: { outbox: Outbox<Message> }) {
  const queries = useQueryClient();
  const { agent } = useSession();
  const { notification } = App.useApp();
  const link = useLink();
  const inboxShown = useInboxShown();
  const recount = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(recount.current), []);

  useEffect(() => {
    if (link === 'online') outbox.flush();
  }, [link, outbox]);

  const { customerSaid } = useAlerts();
  useAgentTopic(agent?.id ?? null, {
    customerSaid,
    interactionChanged: (id) => void queries.invalidateQueries({ queryKey: interactionQuery(id).queryKey }),
    stateChanged: () => {
      // The figures of a day are counted from the event log, which is read a moment after the fact.
      clearTimeout(recount.current);
      recount.current = setTimeout(() => void queries.invalidateQueries({ queryKey: shiftQuery.queryKey }), RECOUNT_MS);
    },
    // On small screens both stand at the top: the offer that can still be taken goes before news of another.
    offerMade: () => notification.destroy(),
    offerGone: (_id, cause) => {
      if (cause === 'withdrawn') notification.info({ key: cause, title: <Words of="offer.withdrawn" />, duration: 5 });
      // The note in the inbox says so for as long as it holds.
      if (cause === 'expired' && inboxShown) return;
      if (cause === 'expired' || cause === 'fault') {
        notification.warning({ key: cause, title: <Words of={`offer.${cause}`} />, description: <Words of={`offer.${cause}_what`} />, duration: 10 });
      }
    },
  });
  return null;
}

/** A text that changes with the language also after it was handed over. */
function Words({ of }: { of: keyof typeof messages.en }) {
  return useMessages(messages)(of);
}

/** Whether the inbox with its notes is in sight; narrow screens fold it, or show a contact in its place. */
function useInboxShown(): boolean {
  const width = useWidth();
  const { pathname, search } = useRouterState({ select: (state) => state.location });
  if (!pathname.startsWith('/desk') || width === 'folded') return false;
  return width !== 'phone' || !('item' in search) || search.item === undefined;
}
