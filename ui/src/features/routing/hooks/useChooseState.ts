import { App } from 'antd';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useErrorSentence } from '@/design/useErrorSentence';
import { agentStateQuery, chooseState, type AgentState, type ChosenState, type Reason } from '../api/agentState';

export interface Choice {
  chosen: ChosenState;
  reason: Reason | null;
}

/** Sets my state; shown at once, and taken back with a sentence when the server refuses. */
export function useChooseState() {
  const queries = useQueryClient();
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  return useMutation({
    mutationFn: ({ chosen, reason }: Choice) => chooseState(chosen, reason),
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
