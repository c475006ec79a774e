import { App } from 'antd';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { AgentState, Chosen } from '@/shared/api/generated/types.gen';
import { agentStateQuery, chooseState, type Reason } from '../api/agentState';

export interface Choice {
  chosen: Chosen;
  reason: Reason | null;
}

/** Sets my state; shown at once, and taken back with a sentence when the server refuses. */
export function useChooseState() {
  const queries = useQueryClient();
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  return useMutation({
    mutationFn: (choice: Choice) => chooseState(choice),
    onMutate: ({ chosen, reason }) => {
      const before = queries.getQueryData(agentStateQuery.queryKey);
      queries.setQueryData<AgentState>(agentStateQuery.queryKey, (state) => state && { ...state, chosen, reason });
      return before;
    },
    onSuccess: (state) => queries.setQueryData(agentStateQuery.queryKey, state),
    onError: (error, _choice, before) => {
      queries.setQueryData(agentStateQuery.queryKey, before);
      void message.error(sentence(error));
    },
  });
}
