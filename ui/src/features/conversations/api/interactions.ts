import { queryOptions } from '@tanstack/react-query';
import { json } from '@/shared/http/json';
import type { CustomerBrief, PersonRef, QueueRef } from '@/shared/views';

export type Assurance = 'none' | 'claimed' | 'caller_number' | 'one_time_code' | 'service_password' | 'real_name';
export type SegmentKind = 'flow' | 'queue' | 'ring' | 'talk' | 'hold' | 'wrap_up';

export interface Segment {
  readonly kind: SegmentKind;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly queue_name: string | null;
  readonly agent_name: string | null;
}

export interface Interaction {
  readonly id: string;
  readonly conversation_id: string | null;
  readonly channel: 'voice' | 'webchat';
  readonly state: 'open' | 'flow' | 'queued' | 'ringing' | 'talking' | 'after_contact_work' | 'closed';
  readonly opened_at: string;
  /** When the customer's side was over. */
  readonly ended_at: string | null;
  /** When the after-contact work was over, too. */
  readonly closed_at: string | null;
  readonly assurance: Assurance;
  readonly customer: CustomerBrief | null;
  readonly number_masked: string | null;
  readonly segments: readonly Segment[];
  readonly journey: readonly { readonly at: string; readonly step: string; readonly text: string }[];
  readonly queue: QueueRef | null;
  readonly agent: PersonRef | null;
  readonly recording: { readonly id: string; readonly state: 'recording' | 'done'; readonly started_at: string } | null;
  readonly disposition: { readonly code: string | null; readonly note: string } | null;
  readonly rating: number | null;
  readonly acw_deadline: string | null;
}

export interface Disposition {
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
}

export interface WrapUp {
  readonly disposition: string | null;
  readonly note: string;
  readonly draft: boolean;
}

export const interactionQuery = (id: string) =>
  queryOptions({
    queryKey: ['interaction', id],
    queryFn: ({ signal }) => json.get<Interaction>(`/interactions/${id}`, { signal }),
  });

export const dispositionsQuery = queryOptions({
  queryKey: ['dispositions'],
  queryFn: ({ signal }) => json.get<readonly Disposition[]>('/dispositions', { signal }),
  staleTime: 10 * 60_000,
});

/** Ends a chat, or hangs up a call; after-contact work begins. */
export async function endInteraction(id: string): Promise<void> {
  await json.post(`/interactions/${id}/end`);
}

/** `draft: false` finishes the after-contact work and closes the interaction. */
export async function saveWrapUp(id: string, wrapUp: WrapUp): Promise<void> {
  await json.put(`/interactions/${id}/wrap-up`, wrapUp);
}
