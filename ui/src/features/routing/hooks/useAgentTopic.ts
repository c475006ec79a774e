import { useQueryClient } from '@tanstack/react-query';
import type { InboxShown, Offer } from '@/shared/api/generated/types.gen';
import { change, fetchAgain, replace } from '@/shared/query/live';
import { useTopic } from '@/shared/realtime/RealtimeContext';
import { agentStateQuery } from '../api/agentState';
import { inboxQuery } from '../api/inbox';

type GoneCause = 'accepted' | 'withdrawn' | 'expired' | 'declined' | 'fault';

interface Handlers {
  /** An interaction of ours changed: whoever shows it fetches it again. */
  interactionChanged: (interactionId: string) => void;
  /** A customer of ours wrote; `seq` is the number of the message. */
  customerSaid?: (interactionId: string, seq: number) => void;
  /** My state moved: figures of my day may have, too. */
  stateChanged: () => void;
  offerMade: () => void;
  offerGone: (offerId: string, cause: GoneCause) => void;
}

/** Keeps inbox and own state as the server has them, for as long as an agent has the page open. */
export function useAgentTopic(agentId: string | null, handlers: Handlers): void {
  const queries = useQueryClient();
  const refetch = (key: readonly unknown[]) => fetchAgain(queries, key);
  const changeInbox = (how: (inbox: InboxShown) => InboxShown) => change(queries, inboxQuery.queryKey, how);

  useTopic(agentId === null ? null : `agent:${agentId}`, {
    reset: () => {
      refetch(inboxQuery.queryKey);
      refetch(agentStateQuery.queryKey);
    },
    event: ({ name, data }) => {
      switch (name) {
        case 'offer.made': {
          const offer = data as Offer;
          changeInbox((inbox) => ({ ...inbox, offers: [...inbox.offers.filter((o) => o.id !== offer.id), offer] }));
          handlers.offerMade();
          break;
        }
        case 'offer.gone': {
          const { id, cause } = data as { id: string; cause: GoneCause };
          changeInbox((inbox) => ({ ...inbox, offers: inbox.offers.filter((offer) => offer.id !== id) }));
          if (cause === 'accepted') refetch(inboxQuery.queryKey);
          handlers.offerGone(id, cause);
          break;
        }
        case 'agent_state.changed':
          replace(queries, agentStateQuery.queryKey, data);
          handlers.stateChanged();
          break;
        case 'inbox.changed':
        case 'call.changed': {
          const { interaction_id: id, said } = data as { interaction_id: string; said?: number };
          refetch(inboxQuery.queryKey);
          handlers.interactionChanged(id);
          if (said !== undefined) handlers.customerSaid?.(id, said);
          break;
        }
      }
    },
  });
}
