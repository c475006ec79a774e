import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AgentStateCode } from '@/design/AgentState';
import { json } from '@/shared/http/json';
import type { Media } from '@/shared/api/generated/types.gen';

export interface ServiceLevel {
  /** Share from 0 to 1; null while nobody asked for a person. */
  readonly value: number | null;
  readonly target: number;
  readonly seconds: number;
  readonly n: number;
}

export interface FloorQueue {
  readonly id: string;
  readonly name: string;
  readonly media: readonly Media[];
  readonly waiting: number;
  readonly longest_wait_s: number;
  readonly service_level: ServiceLevel;
  /** Those who may serve it by state; a state that nobody is in may be missing. */
  readonly agents: Readonly<Partial<Record<AgentStateCode, number>>>;
}

export interface FloorAgent {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly state: AgentStateCode;
  readonly since: string;
  readonly reason: string | null;
  readonly on: readonly { readonly media: Media; readonly queue_name: string | null; readonly since: string }[];
}

export interface Figure {
  readonly code: string;
  readonly value: number | null;
  readonly unit: 'count' | 'ratio' | 's' | 'score';
  readonly n: number;
  readonly window: 'now' | 'today';
}

export interface Floor {
  readonly at: string;
  readonly queues: readonly FloorQueue[];
  readonly agents: readonly FloorAgent[];
  readonly figures: readonly Figure[];
}

export interface FigureEvent {
  readonly position: number;
  readonly at: string;
  readonly name: string;
  readonly subject: string;
  readonly interaction_id: string;
  readonly contributes: string;
  /** 1 for what is counted; else seconds, or a score. */
  readonly value: number;
}

export interface FigureEvents {
  readonly items: readonly FigureEvent[];
  readonly next: string | null;
  readonly definition: { readonly text_code: string; readonly version: number; readonly unit: Figure['unit'] };
}

export const floorQuery = queryOptions({
  queryKey: ['floor'],
  queryFn: ({ signal }) => json.get<Floor>('/floor', { signal }),
  refetchInterval: 30_000,
});

export const figureEventsQuery = ({ code, window }: Pick<Figure, 'code' | 'window'>) =>
  infiniteQueryOptions({
    queryKey: ['figure', code, 'events'],
    queryFn: ({ pageParam, signal }) =>
      json.get<FigureEvents>(`/insight/figures/${code}/events`, { query: { window, after: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
