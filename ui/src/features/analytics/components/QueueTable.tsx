import { memo } from 'react';
import { AgentStateMark, stateColor, useStateName, type AgentStateCode } from '@/design/AgentState';
import { MediaIcon } from '@/design/atoms';
import { EmptyPanel } from '@/design/panels';
import { Severity } from '@/design/Severity';
import { useHeldOrder } from '@/design/useHeldOrder';
import type { QueueShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatDuration } from '@/shared/time/format';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { queueSeverity, tintedQueue, worstFirst } from '../model/figures';
import styles from './QueueTable.module.css';

const messages = catalogue(zh, en);
const PEOPLE = ['ready', 'reserved', 'engaged', 'after_contact_work', 'not_ready', 'set_aside'] as const satisfies readonly AgentStateCode[];
/** Set aside is rare and says its own name. */
const LEGEND = PEOPLE.filter((state) => state !== 'set_aside');
const NONE = '\u2014';

export function QueueTable({ queues, onOpen }: { queues: readonly QueueShown[]; onOpen: (id: string) => void }) {
  const t = useMessages(messages);
  const { items, list } = useHeldOrder<QueueShown, HTMLTableSectionElement>(worstFirst(queues), ({ id }) => id);
  const tinted = tintedQueue(queues);
  return (
    <section className={styles.queues} aria-label={t('queues.title')} tabIndex={0}>
      <header className={styles.head}>
        <h2 className="cl-panel-title">{t('queues.title')}</h2>
        <span className="cl-note cl-muted cl-grow cl-ellipsis">{t('queues.order', { n: queues.length })}</span>
        <span className={styles.legend}>
          {LEGEND.map((state) => (
            <AgentStateMark key={state} state={state} />
          ))}
        </span>
      </header>
      {queues.length === 0 ? (
        <EmptyPanel>{t('queues.none')}</EmptyPanel>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('queues.name')}</th>
              <th scope="col">{t('queues.waiting')}</th>
              <th scope="col">{t('queues.longest')}</th>
              <th scope="col">{t('queues.messages')}</th>
              <th scope="col">
                {t('queues.service_level')}
                <span className={styles.line}>{t('queues.service_level_line')}</span>
              </th>
              <th scope="col">n</th>
              <th scope="col">{t('queues.abandoned')}</th>
              <th scope="col">{t('queues.people')}</th>
            </tr>
          </thead>
          <tbody {...list}>
            {items.map((queue) => (
              <QueueRow key={queue.id} queue={queue} tinted={queue.id === tinted} onOpen={onOpen} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Told twice a second, of which most rows know nothing new. */
const QueueRow = memo(function QueueRow({ queue, tinted, onOpen }: { queue: QueueShown; tinted: boolean; onOpen: (id: string) => void }) {
  const t = useMessages(messages);
  const level = queueSeverity(queue);
  const waiting = queue.waiting > 0;
  return (
    <tr className={tinted ? styles.worst : undefined}>
      <th scope="row">
        <span className="cl-row" style={{ gap: 8 }}>
          <span className={`cl-muted cl-row ${styles.media}`} style={{ gap: 4 }}>
            {queue.media.map((media) => (
              <MediaIcon key={media} media={media} />
            ))}
          </span>
          {queue.name}
        </span>
      </th>
      <td className="cl-strong">
        {waiting ? (
          <button type="button" className={styles.open} onClick={() => onOpen(queue.id)} aria-haspopup="dialog" aria-label={t('queues.open', { queue: queue.name, n: queue.waiting })}>
            {queue.waiting}
          </button>
        ) : (
          0
        )}
      </td>
      <td>{waiting ? formatDuration(queue.longest_wait_s) : NONE}</td>
      <LeftMessages queue={queue} onOpen={onOpen} />
      <td>
        <ServiceLevelBar queue={queue} level={level} />
      </td>
      <td className="cl-muted">{queue.service_level.n.toLocaleString('en')}</td>
      <td className={queue.abandoned === 0 ? 'cl-muted' : undefined}>{queue.abandoned.toLocaleString('en')}</td>
      <td>
        <People agents={queue.agents} />
      </td>
    </tr>
  );
});

/** Nobody waits for an answer to them, so they are counted apart. */
function LeftMessages({ queue, onOpen }: { queue: QueueShown; onOpen: (id: string) => void }) {
  const t = useMessages(messages);
  const line = queue.lines.find(({ media }) => media === 'message');
  if (line === undefined) return <td className="cl-muted">{NONE}</td>;
  if (line.waiting === 0) return <td className="cl-muted">0</td>;
  const of = t('queues.messages_of', { n: line.waiting, time: formatDuration(line.longest_wait_s) });
  const told = line.put_off === 0 ? of : `${of}${t('queues.messages_put_off', { n: line.put_off })}`;
  return (
    <td>
      <button type="button" className={styles.open} onClick={() => onOpen(queue.id)} aria-haspopup="dialog" title={told} aria-label={`${queue.name}: ${told}`}>
        {line.waiting}
      </button>{' '}
      <span className="cl-note cl-muted cl-nowrap">
        {formatDuration(line.longest_wait_s)}
        {line.put_off > 0 && t('queues.put_off', { n: line.put_off })}
      </span>
    </td>
  );
}

function ServiceLevelBar({ queue, level }: { queue: QueueShown; level: ReturnType<typeof queueSeverity> }) {
  const t = useMessages(messages);
  const { value, target, seconds } = queue.service_level;
  if (value === null) return <span className="cl-muted">{t('queues.no_level')}</span>;
  const share = `${(value * 100).toFixed(1)}%`;
  return (
    <span className="cl-row" style={{ gap: 8 }} title={t('queues.level_of', { share, target: Math.round(target * 100), seconds })}>
      <span className={styles.bullet} aria-hidden="true">
        <span className={styles[level]} style={{ inlineSize: `${value * 100}%` }} />
        <i style={{ insetInlineStart: `${target * 100}%` }} />
      </span>
      <b className={`${styles.share} ${level === 'ok' ? '' : `cl-${level}`}`}>{share}</b>
      <Severity level={level} size={12} />
    </span>
  );
}

/** People by state as one bar with counts. */
function People({ agents }: { agents: QueueShown['agents'] }) {
  const t = useMessages(messages);
  const name = useStateName();
  const present = PEOPLE.flatMap((state) => ((agents[state] ?? 0) > 0 ? [{ state, n: agents[state] ?? 0 }] : []));
  if (present.length === 0) return <span className="cl-muted">{t('queues.nobody')}</span>;
  const label = present.map(({ state, n }) => `${name(state)} ${n}`).join(t('queues.and'));
  const all = present.reduce((sum, { n }) => sum + n, 0);
  return (
    <span className={styles.people} style={{ inlineSize: Math.min(170, 20 * present.length + 5 * all) }} role="img" aria-label={label} title={label}>
      {present.map(({ state, n }) => (
        <span key={state} style={{ flexGrow: n, background: stateColor(state) }}>
          {n}
        </span>
      ))}
    </span>
  );
}
