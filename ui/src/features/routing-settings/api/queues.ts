import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { routingChangeQueue, routingListSkills, routingMakeQueue, routingQueue, routingQueues } from '@/shared/api/generated/sdk.gen';
import type { NewQueueWanted, QueueChangeWanted, QueueSettingsShown, Strategy } from '@/shared/api/generated/types.gen';
import { without } from '../model/without';

export const STRATEGIES = ['most-skilled', 'longest-idle', 'least-occupied', 'round-robin', 'last-agent'] as const satisfies readonly Strategy[];

export const queuesQuery = (q?: string) =>
  queryOptions({
    queryKey: ['routing-settings', 'queues', { q }],
    queryFn: async ({ signal }) => (await routingQueues({ query: { q }, signal })).items,
    // While others are looked for, those found before stay: a list that goes and comes flickers.
    placeholderData: keepPreviousData,
  });

export const queueQuery = (id: string) =>
  queryOptions({
    queryKey: ['routing-settings', 'queue', id],
    queryFn: ({ signal }) => routingQueue({ path: { queue_id: id }, signal }),
    // What is being edited is not replaced under the hands of who edits it.
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });

export const skillsQuery = queryOptions({
  queryKey: ['routing-settings', 'skills'],
  queryFn: async ({ signal }) => (await routingListSkills({ signal })).items,
});

/** What a form holds: everything but id and version. */
export type QueueFields = Omit<NewQueueWanted, 'code'> & { code: string };

export const NEW_QUEUE: QueueFields = {
  code: '',
  name: '',
  media: ['voice', 'chat', 'message'],
  needs: [],
  target: 0.8,
  target_seconds: 20,
  ring_seconds: 20,
  wrap_up_seconds: 120,
  rules: {
    strategy: 'most-skilled',
    priority_step_s: 60,
    relaxation: [],
    preferred_wait_s: 0,
    max_waiting: null,
    max_wait_s: 600,
    overflow: 'goodbye',
    overflow_to: null,
    calendar_id: null,
    closed: false,
    decline_pause_s: 60,
    set_aside_s: null,
  },
};

/** `version` is what the person saw: if somebody was faster the server answers `settings-changed`. */
export function saveQueue(known: QueueSettingsShown | null, fields: QueueFields): Promise<QueueSettingsShown> {
  if (known === null) return routingMakeQueue({ body: fields });
  const body: QueueChangeWanted = { ...without(fields, 'code'), version: known.version };
  return routingChangeQueue({ path: { queue_id: known.id }, body });
}
