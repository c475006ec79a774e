import { AGENT_STATES, type AgentStateCode } from '@/design/AgentState';
import type { AgentShownOnFloor, FloorShown, Media } from '@/shared/api/generated/types.gen';

export const MEDIA = ['voice', 'chat', 'message'] as const satisfies readonly Media[];

/** What of the floor is looked at; it stands in the address. */
export interface FloorFilter {
  queue?: string | undefined;
  team?: string | undefined;
  state?: AgentStateCode | undefined;
  media?: Media | undefined;
  q?: string | undefined;
}

const word = (raw: unknown) => (typeof raw === 'string' && raw !== '' ? raw : undefined);

/** What an address says; what makes no sense there is left out. */
export function filterFrom(raw: Record<string, unknown>): FloorFilter {
  return {
    queue: word(raw.queue),
    team: word(raw.team),
    state: AGENT_STATES.find((state) => state === raw.state),
    media: MEDIA.find((media) => media === raw.media),
    q: word(raw.q) ?? (typeof raw.q === 'number' ? String(raw.q) : undefined),
  };
}

export const isFiltered = (filter: FloorFilter) => Object.values(filter).some((value) => value !== undefined);

/** The part of the floor that is looked at. `serving` are the agents who may serve the chosen queue, once they are known. */
export function filtered(floor: FloorShown, filter: FloorFilter, serving: ReadonlySet<string> | null): FloorShown {
  const { queue, team, state, media } = filter;
  const looked = filter.q?.trim().toLowerCase() ?? '';
  const wanted = (agent: AgentShownOnFloor) =>
    (team === undefined || agent.team === team) &&
    (state === undefined || agent.state === state) &&
    (media === undefined || agent.on.length === 0 || agent.on.some((item) => item.media === media)) &&
    (queue === undefined || agent.on.some((item) => item.queue_id === queue) || serving === null || serving.has(agent.id)) &&
    (looked === '' || `${agent.name} ${agent.number}`.toLowerCase().includes(looked));
  return {
    ...floor,
    queues: floor.queues.filter(({ id, media: takes }) => (queue === undefined || id === queue) && (media === undefined || takes.includes(media))),
    agents: floor.agents.filter(wanted),
  };
}
