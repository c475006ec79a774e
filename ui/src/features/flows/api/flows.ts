import { queryOptions } from '@tanstack/react-query';
import {
  flowsAllConnections,
  flowsBringIn,
  flowsCheck,
  flowsDifference,
  flowsFlow,
  flowsFlowFile,
  flowsFlows,
  flowsFlowVersions,
  flowsJourneys,
  flowsMake,
  flowsPublish,
  flowsRollBack,
  flowsSaveDraft,
  flowsSimulate,
  hoursCalendars,
  routingQueues,
} from '@/shared/api/generated/sdk.gen';
import type { FlowFile, SceneWanted } from '@/shared/api/generated/types.gen';
import type { Definition } from '../model/definition';
import { keptDrawing } from '../model/drawing';
import type { Work } from '../model/editing';

export const FLOWS = ['flows', 'all'] as const;

export const flowsQuery = queryOptions({
  queryKey: FLOWS,
  queryFn: async ({ signal }) => (await flowsFlows({ signal })).items,
});

export const flowQuery = (code: string) =>
  queryOptions({
    queryKey: ['flows', 'one', code],
    queryFn: ({ signal }) => flowsFlow({ path: { code }, signal }),
    // What is being edited is not replaced under the hands of who edits it.
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });

export const versionsQuery = (code: string) =>
  queryOptions({
    queryKey: ['flows', 'versions', code],
    queryFn: ({ signal }) => flowsFlowVersions({ path: { code }, signal }),
  });

export const fileQuery = (code: string, version: number) =>
  queryOptions({
    queryKey: ['flows', 'file', code, version],
    queryFn: ({ signal }) => flowsFlowFile({ path: { code, version }, signal }),
  });

/** What is wrong with a definition as it stands; asked anew for each. */
export const checkQuery = (code: string, definition: Definition) =>
  queryOptions({
    queryKey: ['flows', 'check', code, definition],
    queryFn: ({ signal }) => flowsCheck({ body: { code, definition: { ...definition } }, signal }),
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
  });

export const journeysQuery = (code: string, version: number, since: string, until: string) =>
  queryOptions({
    queryKey: ['flows', 'journeys', code, version, since, until],
    queryFn: ({ signal }) => flowsJourneys({ path: { code }, query: { since, until, version }, signal }),
  });

export const simulationQuery = (code: string, definition: Definition, scene: SceneWanted) =>
  queryOptions({
    queryKey: ['flows', 'simulation', code, definition, scene],
    queryFn: ({ signal }) => flowsSimulate({ body: { code, definition: { ...definition }, scene }, signal }),
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });

/** What steps may name; who may not read one of these types its code. */
export const queueChoicesQuery = queryOptions({
  queryKey: ['flows', 'queues'],
  queryFn: async ({ signal }) => (await routingQueues({ signal })).items.map(({ code, name }) => ({ value: code, label: name })),
  staleTime: 60_000,
});

export const calendarChoicesQuery = queryOptions({
  queryKey: ['flows', 'calendars'],
  queryFn: async ({ signal }) => (await hoursCalendars({ signal })).items.map(({ name }) => ({ value: name, label: name })),
  staleTime: 60_000,
});

export const connectionsQuery = queryOptions({
  queryKey: ['flows', 'connections'],
  queryFn: async ({ signal }) => (await flowsAllConnections({ signal })).items,
});

export const differenceQuery = (code: string, old: number, now: number, revision: number) =>
  queryOptions({
    queryKey: ['flows', 'difference', code, old, now, revision],
    queryFn: ({ signal }) => flowsDifference({ path: { code }, query: { old, new: now }, signal }),
  });

export const saveDraft = (code: string, revision: number, { definition, drawing }: Work) =>
  flowsSaveDraft({ path: { code }, body: { revision, definition: { ...definition }, drawing: keptDrawing(drawing, definition) } });

export const publish = (code: string, revision: number, note: string) => flowsPublish({ path: { code }, body: { revision, note } });

export const rollBack = (code: string, version: number, note: string) => flowsRollBack({ path: { code }, body: { version, note } });

export const makeFlow = (code: string, name: string, definition: Definition) => flowsMake({ body: { code, name, definition: { ...definition } } });

export const bringIn = (file: FlowFile) => flowsBringIn({ body: file });
