import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer } from 'antd';
import { useState } from 'react';
import { Label, MediaIcon } from '@/design/atoms';
import { Since } from '@/design/Duration';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { useHeldOrder } from '@/design/useHeldOrder';
import type { WaitingShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useAskAgain } from '@/shared/query/useAskAgain';
import { serverNow } from '@/shared/time/clock';
import { formatComing } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { useMay } from '@/shared/session/session';
import { waitingKey, waitingQuery } from '../api/waiting';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { ContactWhy } from './ContactWhy';
import { MoveForm, type QueueChoice } from './MoveForm';
import styles from './Supervision.module.css';

const messages = catalogue(zh, en);

interface Props {
  /** The queue whose waiting contacts are shown; null when none is open. */
  queue: QueueChoice | null;
  queues: readonly QueueChoice[];
  /** Changes whenever the queue has moved. */
  stamp: string;
  onClose: () => void;
}

/** Who waits in a queue, and where they may be put. */
export function WaitingDrawer({ queue, queues, stamp, onClose }: Props) {
  const t = useMessages(messages);
  return (
    <Drawer title={queue === null ? '' : t('waiting.title', { queue: queue.name })} open={queue !== null} onClose={onClose} size={440} destroyOnHidden>
      {queue !== null && <Waiting key={queue.id} queue={queue} queues={queues} stamp={stamp} />}
    </Drawer>
  );
}

function Waiting({ queue, queues, stamp }: { queue: QueueChoice; queues: readonly QueueChoice[]; stamp: string }) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const waiting = useInfiniteQuery(waitingQuery(queue.id));
  useAskAgain(waiting, stamp);
  const found = waiting.data?.pages.flatMap((page) => page.items) ?? [];
  const { items, list } = useHeldOrder<WaitingShown>(found, (item) => item.interaction_id);
  const [moving, setMoving] = useState<string | null>(null);
  if (waiting.isError && waiting.data === undefined) return <ErrorPanel what={t('waiting.what')} error={waiting.error} retry={() => void waiting.refetch()} />;
  if (waiting.data === undefined) return <Loading what={t('waiting.what')} rows={6} />;
  if (items.length === 0) return <EmptyPanel>{t('waiting.nobody')}</EmptyPanel>;
  // Left messages are counted among each other, as nobody has to wait for them.
  const lines = [
    { name: 'waiting.people' as const, items: items.filter(({ media }) => media !== 'message') },
    { name: 'waiting.messages' as const, items: items.filter(({ media }) => media === 'message') },
  ].filter((line) => line.items.length > 0);
  const moved = () => {
    setMoving(null);
    void message.success(t('waiting.moved'));
    void queries.invalidateQueries({ queryKey: waitingKey(queue.id) });
  };
  return (
    <>
      <div {...list}>
        {lines.map(({ name, items: line }) => (
          <section key={name} aria-label={t(name)}>
            {lines.length > 1 && <h3 className={styles.line}>{t(name)}</h3>}
            <ol className={styles.waiting}>
              {line.map((item) => (
                <li key={item.interaction_id}>
                  <One item={item} open={moving === item.interaction_id} onOpen={() => setMoving(moving === item.interaction_id ? null : item.interaction_id)} />
                  <ContactWhy interactionId={item.interaction_id} />
                  {moving === item.interaction_id && <MoveForm item={item} queue={queue} queues={queues} onMoved={moved} />}
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
      {waiting.hasNextPage && (
        <Button size="small" loading={waiting.isFetchingNextPage} onClick={() => void waiting.fetchNextPage()}>
          {t('waiting.more')}
        </Button>
      )}
    </>
  );
}

function One({ item, open, onOpen }: { item: WaitingShown; open: boolean; onOpen: () => void }) {
  const t = useMessages(messages);
  const may = useMay();
  const zone = useTimeZone();
  const who = [item.customer.name_masked, item.customer.number_masked].filter(Boolean).join(' ');
  return (
    <div className={styles.who}>
      <span className={styles.place}>{item.position === 0 ? '' : item.position}</span>
      <span className="cl-row" style={{ gap: '2px 8px', minWidth: 0, flexWrap: 'wrap' }}>
        <MediaIcon media={item.media} />
        <b className="cl-ellipsis">{who === '' ? t('waiting.unknown') : who}</b>
        <Since moment={item.waiting_since} />
        {item.position === 0 && <Label tone="accent">{t('waiting.offered')}</Label>}
        {item.put_off_until !== null && <Label>{t('waiting.put_off', { time: formatComing(item.put_off_until, t.language, zone, serverNow()) })}</Label>}
        {item.moved_up && <Label tone="warn">{t('waiting.moved_up')}</Label>}
      </span>
      {may('floor:direct') && (
        <Button size="small" aria-expanded={open} onClick={onOpen}>
          {t('waiting.move')}
        </Button>
      )}
    </div>
  );
}
