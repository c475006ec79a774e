import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  identityUsers,
  routingAgents,
  routingAppoint,
  routingChangeAgent,
  routingChangeDesk,
  routingChangeLevels,
  routingListDesks,
  routingMakeDesk,
  routingMakeSkill,
  routingMediaRules,
  routingRemoveDesk,
  routingRemoveSkill,
  routingRenameSkill,
  routingSetMediaRules,
  routingSetNotReadyReasons,
} from '@/shared/api/generated/sdk.gen';
import type { AgentSettingsShown, DeskShown, DeskWanted, LevelsChange, MediaRulesWanted, ReasonsWanted } from '@/shared/api/generated/types.gen';

const PAGE = 50;

export const agentsQuery = (q?: string) =>
  infiniteQueryOptions({
    queryKey: ['routing-settings', 'agents', { q }],
    queryFn: ({ pageParam: after, signal }) => routingAgents({ query: { q, after, limit: PAGE }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // While others are looked for, those found before stay: a list that goes and comes flickers.
    placeholderData: keepPreviousData,
  });

export const desksQuery = queryOptions({
  queryKey: ['routing-settings', 'desks'],
  queryFn: async ({ signal }) => (await routingListDesks({ signal })).items,
});

/** Users by part of login or name: more than fit into a list are found by asking for them. */
export const usersQuery = (q: string) =>
  queryOptions({
    queryKey: ['routing-settings', 'users', q],
    queryFn: async ({ signal }) => (await identityUsers({ query: { q, limit: PAGE }, signal })).items,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export type AgentFields = Required<Pick<AgentSettingsShown, 'capacity' | 'skills' | 'queues' | 'desk_id' | 'active'>>;

export const NEW_AGENT: AgentFields = { capacity: { voice: 1, chat: 3, message: 1 }, skills: {}, queues: null, desk_id: null, active: true };

export const changeAgent = (agent: AgentSettingsShown, fields: AgentFields) =>
  routingChangeAgent({ path: { agent_id: agent.id }, body: { ...fields, version: agent.version } });
export const appointAgent = (userId: string, number: string, fields: AgentFields) => routingAppoint({ body: { ...fields, user_id: userId, number } });
export const changeLevels = (changes: LevelsChange[]) => routingChangeLevels({ body: { changes } });

export const makeSkill = (code: string, name: string) => routingMakeSkill({ body: { code, name } });
export const renameSkill = (code: string, name: string) => routingRenameSkill({ path: { code }, body: { name } });
export const removeSkill = (code: string) => routingRemoveSkill({ path: { code } });

export const saveDesk = (known: DeskShown | null, wanted: DeskWanted) =>
  known === null ? routingMakeDesk({ body: wanted }) : routingChangeDesk({ path: { desk_id: known.id }, body: { ...wanted, version: known.version } });
export const removeDesk = (id: string) => routingRemoveDesk({ path: { desk_id: id } });

export const saveReasons = (body: ReasonsWanted) => routingSetNotReadyReasons({ body });

export const mediaRulesQuery = queryOptions({
  queryKey: ['routing-settings', 'media-rules'],
  queryFn: ({ signal }) => routingMediaRules({ signal }),
  staleTime: Infinity,
});
export const saveMediaRules = (body: MediaRulesWanted) => routingSetMediaRules({ body });
