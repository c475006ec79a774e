import { queryOptions } from '@tanstack/react-query';
import type { AgentStateCode } from '@/design/AgentState';
import { json } from '@/shared/http/json';
import type { Media } from '@/shared/views';

export type ChosenState = 'ready' | 'not_ready' | 'offline';
export const REASONS = ['break', 'meal', 'training', 'meeting'] as const;
export type Reason = (typeof REASONS)[number];

export interface MediaLoad {
  readonly state: 'idle' | 'reserved' | 'engaged' | 'after_contact_work' | 'set_aside';
  readonly used: number;
  readonly limit: number;
}

export interface AgentState {
  readonly agent_id: string;
  readonly chosen: ChosenState;
  readonly reason: Reason | null;
  readonly media: Readonly<Partial<Record<Media, MediaLoad>>>;
  readonly state: AgentStateCode;
  readonly since: string;
}

export const agentStateQuery = queryOptions({
  queryKey: ['agent-state'],
  queryFn: ({ signal }) => json.get<AgentState>('/agent-state', { signal }),
});

export function chooseState(chosen: ChosenState, reason: Reason | null): Promise<AgentState> {
  return json.put<AgentState>('/agent-state', { chosen, reason });
}
