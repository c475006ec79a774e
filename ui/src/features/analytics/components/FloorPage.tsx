import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, type ReactNode } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import type { AgentShownOnFloor, FloorShown, QueueShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { fetchAgain, replace } from '@/shared/query/live';
import { useTopic } from '@/shared/realtime/RealtimeContext';
import { floorQuery, servingQuery } from '../api/floor';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { filtered, isFiltered, type FloorFilter } from '../model/filter';
import { AgentGrid } from './AgentGrid';
import { FigureDrawer } from './FigureDrawer';
import { FigureStrip } from './FigureStrip';
import styles from './Floor.module.css';
import { FloorFilters } from './FloorFilters';
import { PersonDrawer } from './PersonDrawer';
import { QueueTable } from './QueueTable';

const messages = catalogue(zh, en);

/** What is open beside the floor, from the address. */
export interface FloorOpen {
  figure?: string | undefined;
  agent?: string | undefined;
  waiting?: string | undefined;
  listen?: string | undefined;
}

interface Props {
  filter: FloorFilter;
  onFilter: (filter: FloorFilter) => void;
  open: FloorOpen;
  onOpen: (open: FloorOpen) => void;
  /** What may be done with an agent. */
  actions: (agent: AgentShownOnFloor) => ReactNode;
  /** Why an agent has a contact. */
  why: (interactionId: string) => ReactNode;
  /** Somebody's chat that is watched; null for who may not. */
  listening: ((interactionId: string | null, agent: AgentShownOnFloor | null) => ReactNode) | null;
  /** Who waits in a queue. */
  waiting: (queue: QueueShown | null, queues: readonly QueueShown[]) => ReactNode;
}

/** Queues and people now: the worst queue first, who is in what for how long, each figure down to its events. */
export function FloorPage({ filter, onFilter, open, onOpen, actions, why, waiting, listening }: Props) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const floor = useQuery(floorQuery);
  // Whose permission ends at a department follows that department's floor.
  useTopic(floor.data?.topic ?? null, {
    event: ({ data }) => replace(queries, floorQuery.queryKey, data),
    reset: () => fetchAgain(queries, floorQuery.queryKey),
  });
  const openAgent = useCallback((agent: string) => onOpen({ agent }), [onOpen]);
  const openQueue = useCallback((queue: string) => onOpen({ waiting: queue }), [onOpen]);

  if (floor.isError && floor.data === undefined) {
    return <ErrorPanel what={t('floor.title')} error={floor.error} retry={() => void floor.refetch()} />;
  }
  if (floor.data === undefined) return <Loading what={t('floor.title')} rows={10} />;
  const { agents, queues, figures } = floor.data;
  return (
    <div className={styles.page}>
      <div>
        <FloorFilters floor={floor.data} filter={filter} onFilter={onFilter} />
        <FigureStrip floor={floor.data} onOpen={(figure) => onOpen({ figure })} />
      </div>
      <Body floor={floor.data} filter={filter} onAgent={openAgent} onQueue={openQueue} onClear={() => onFilter({})} />
      <FigureDrawer figure={figures.find(({ code }) => code === open.figure) ?? null} onClose={() => onOpen({})} />
      <PersonDrawer agent={agents.find(({ id }) => id === open.agent) ?? null} teams={floor.data.teams} onClose={() => onOpen({})} onListen={listening === null ? null : (listen) => onOpen({ listen })} actions={actions} why={why} />
      {listening?.(open.listen ?? null, agents.find(({ on }) => on.some((item) => item.interaction_id === open.listen)) ?? null)}
      {waiting(queues.find(({ id }) => id === open.waiting) ?? null, queues)}
    </div>
  );
}

interface BodyProps {
  floor: FloorShown;
  filter: FloorFilter;
  onAgent: (id: string) => void;
  onQueue: (id: string) => void;
  onClear: () => void;
}

function Body({ floor, filter, onAgent, onQueue, onClear }: BodyProps) {
  const serving = useQuery({ ...servingQuery(filter.queue ?? ''), enabled: filter.queue !== undefined });
  const may = useMemo(() => (serving.data === undefined ? null : new Set(serving.data.agents)), [serving.data]);
  const shown = useMemo(() => filtered(floor, filter, may), [floor, filter, may]);
  return (
    <div className={styles.body}>
      <QueueTable queues={shown.queues} onOpen={onQueue} />
      <AgentGrid agents={shown.agents} filtered={isFiltered(filter)} showOffline={filter.state === 'offline'} onOpen={onAgent} onClear={onClear} />
    </div>
  );
}
