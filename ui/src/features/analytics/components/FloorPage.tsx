import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ErrorPanel, Loading } from '@/design/panels';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { fetchAgain, replace } from '@/shared/query/live';
import { useTopic } from '@/shared/realtime/RealtimeContext';
import { floorQuery } from '../api/floor';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { AgentGrid } from './AgentGrid';
import { FigureDrawer } from './FigureDrawer';
import { FigureStrip } from './FigureStrip';
import styles from './Floor.module.css';
import { QueueTable } from './QueueTable';

const messages = catalogue(zh, en);

interface Props {
  /** The figure whose events are open, from the address. */
  figure: string | null;
  onFigure: (code: string | null) => void;
}

/** Queues and people now: the worst queue first, who is in what for how long, each figure down to its events. */
export function FloorPage({ figure, onFigure }: Props) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const floor = useQuery(floorQuery);
  useTopic('floor', {
    event: ({ data }) => replace(queries, floorQuery.queryKey, data),
    reset: () => fetchAgain(queries, floorQuery.queryKey),
  });

  if (floor.isError && floor.data === undefined) {
    return <ErrorPanel what={t('floor.title')} error={floor.error} retry={() => void floor.refetch()} />;
  }
  if (floor.data === undefined) return <Loading what={t('floor.title')} rows={10} />;
  return (
    <div className={styles.page}>
      <FigureStrip floor={floor.data} onOpen={onFigure} />
      <div className={styles.body}>
        <QueueTable queues={floor.data.queues} />
        <AgentGrid floor={floor.data} />
      </div>
      <FigureDrawer figure={floor.data.figures.find(({ code }) => code === figure) ?? null} onClose={() => onFigure(null)} />
    </div>
  );
}
