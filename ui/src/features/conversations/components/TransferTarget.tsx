import { AgentStateMark } from '@/design/AgentState';
import { Dot } from '@/design/atoms';
import type { AgentTarget, Media, QueueTarget } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatDuration } from '@/shared/time/format';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Transfer.module.css';

const messages = catalogue(zh, en);
const LOADS = { voice: 'transfer.load_calls', chat: 'transfer.load', message: 'transfer.load_messages' } as const;

/** How long who goes there may wait, and who is there. */
export function QueueTargetLine({ queue, left }: { queue: QueueTarget; left: boolean }) {
  const t = useMessages(messages);
  return (
    <span className={styles.line}>
      <span className="cl-row" style={{ gap: 8 }}>
        <b className="cl-ellipsis">{queue.name}</b>
        {queue.own && <span className="cl-note cl-muted">{t('transfer.own')}</span>}
        <span className="cl-grow" />
        <span className={queue.ready > 0 ? 'cl-ok' : 'cl-muted'}>{t('transfer.ready', { ready: queue.ready, all: queue.signed_in })}</span>
      </span>
      <span className="cl-note cl-muted">
        {queue.signed_in === 0
          ? t('transfer.empty')
          : queue.waiting === 0
            ? t(left ? 'transfer.no_messages' : 'transfer.no_wait')
            : t(left ? 'transfer.messages' : 'transfer.waiting', { n: queue.waiting, time: formatDuration(queue.longest_wait_s) })}
      </span>
    </span>
  );
}

/** What they do, what they carry, and whether it rings there at once. */
export function AgentTargetLine({ agent, media }: { agent: AgentTarget; media: Media }) {
  const t = useMessages(messages);
  return (
    <span className={styles.line}>
      <span className="cl-row" style={{ gap: 8 }}>
        <b className="cl-ellipsis">{agent.name}</b>
        <span className="cl-note cl-muted">{agent.number}</span>
        <span className="cl-grow" />
        <AgentStateMark state={agent.state} />
      </span>
      <span className="cl-note cl-muted">
        {t(LOADS[media], { used: agent.used, limit: agent.limit })}
        <Dot />
        {t(`transfer.withheld.${stateOf(agent.withheld, media === 'message')}`)}
        <Dot />
        {agent.queue_name}
      </span>
    </span>
  );
}

/** A left message goes to who has something else in hand when that is over, or when it is due. */
function stateOf(withheld: AgentTarget['withheld'], left: boolean) {
  const other = withheld === 'other_media' || withheld === 'not_due';
  return other ? (left ? 'occupied' : 'other_media') : (withheld ?? 'none');
}
