import { App } from 'antd';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { AgentState, Chosen } from '@/shared/api/generated/types.gen';
import { fetchAgain } from '@/shared/query/live';
import { agentStateQuery, chooseState } from '../api/agentState';

export interface Choice {
  chosen: Chosen;
  reason: string | null;
}

/** Sets my state; shown at once, and taken back with a sentence when the server refuses, unless an event came since. */
export function useChooseState() {
  const queries = useQueryClient();
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  return useMutation({
    mutationFn: (choice: Choice) => chooseState(choice),
    onMutate: ({ chosen, reason }) => {
      const before = queries.getQueryData(agentStateQuery.queryKey);
      const wished = queries.setQueryData<AgentState>(agentStateQuery.queryKey, (state) => state && { ...state, chosen, reason });
      return { before, wished };
    },
    onError: (error, _choice, shown) => {
      queries.setQueryData<AgentState>(agentStateQuery.queryKey, (state) => (state === shown?.wished ? shown?.before : state));
      void message.error(sentence(error));
    },
    // The answer is no newer than what happened while it was on its way, so it is not shown.
    onSettled: () => fetchAgain(queries, agentStateQuery.queryKey),
  });
}
