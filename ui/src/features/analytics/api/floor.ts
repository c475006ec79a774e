import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AgentStateCode } from '@/design/AgentState';
import { json } from '@/shared/http/json';
import type { Media } from '@/shared/views';

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
  readonly longest_wait_s: number | null;
  readonly service_level: ServiceLevel;
  readonly agents: Readonly<Record<'ready' | 'engaged' | 'after_contact_work' | 'not_ready' | 'reserved', number>>;
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
  readonly n: number | null;
  readonly window: string;
}

export interface Floor {
  readonly at: string;
  readonly queues: readonly FloorQueue[];
  readonly agents: readonly FloorAgent[];
  readonly figures: readonly Figure[];
}

export interface FigureEvent {
  readonly position: string;
  readonly at: string;
  readonly name: string;
  readonly subject: string | null;
  readonly interaction_id: string | null;
  readonly contributes: string;
}

export interface FigureEvents {
  readonly items: readonly FigureEvent[];
  readonly next: string | null;
  readonly definition: { readonly text_code: string; readonly version: number };
}

export const floorQuery = queryOptions({
  queryKey: ['floor'],
  queryFn: ({ signal }) => json.get<Floor>('/floor', { signal }),
  refetchInterval: 30_000,
});

export const figureEventsQuery = (code: string) =>
  infiniteQueryOptions({
    queryKey: ['figure', code, 'events'],
    queryFn: ({ pageParam, signal }) =>
      json.get<FigureEvents>(`/insight/figures/${code}/events`, { query: { window: 'today', after: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
