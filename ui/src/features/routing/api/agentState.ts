import { queryOptions } from '@tanstack/react-query';
import { routingAgentState, routingChoose } from '@/shared/api/generated/sdk.gen';
import type { AgentState, StateWanted } from '@/shared/api/generated/types.gen';

export const agentStateQuery = queryOptions({
  queryKey: ['agent-state'],
  queryFn: ({ signal }) => routingAgentState({ signal }),
});

/** Ready also ends being set aside. */
export const chooseState = (body: StateWanted): Promise<AgentState> => routingChoose({ body });
