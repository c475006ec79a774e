import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useMay } from '@/shared/session/session';
import { calendarChoicesQuery, connectionsQuery, flowsQuery, queueChoicesQuery } from '../api/flows';

export interface Choice {
  value: string;
  label: string;
}

export type Choices = Readonly<Record<'queues' | 'calendars' | 'connections' | 'flows', readonly Choice[]>>;

/** What steps may name. Who may not see a list types what they name. */
export function useChoices(code: string): Choices {
  const may = useMay();
  const queues = useQuery({ ...queueChoicesQuery, enabled: may('routing:manage') });
  const calendars = useQuery({ ...calendarChoicesQuery, enabled: may('routing:manage') });
  const connections = useQuery(connectionsQuery);
  const flows = useQuery(flowsQuery);
  return useMemo(
    () => ({
      queues: queues.data ?? [],
      calendars: calendars.data ?? [],
      connections: (connections.data ?? []).map((one) => ({ value: one.code, label: one.name })),
      flows: (flows.data ?? []).filter((one) => one.code !== code && one.published_version !== null).map((one) => ({ value: one.code, label: one.name })),
    }),
    [queues.data, calendars.data, connections.data, flows.data, code],
  );
}
