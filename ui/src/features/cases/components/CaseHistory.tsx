import { ArrowRight, CircleCheck, Clock, FilePlus, MessageSquare, UserRound } from 'lucide-react';
import type { CaseEntry } from '@/shared/api/generated/types.gen';
import { catalogue, knows } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatMoment } from '@/shared/time/format';
import { serverNow } from '@/shared/time/clock';
import { useTimeZone } from '@/shared/time/useTimeZone';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CaseDetail.module.css';

const messages = catalogue(zh, en);
const icons = { created: FilePlus, assigned: UserRound, state_changed: ArrowRight, commented: MessageSquare, put_off: Clock };

/** What happened, the latest first. */
export function CaseHistory({ events }: { events: readonly CaseEntry[] }) {
  const t = useMessages(messages);
  return (
    <section className={styles.history}>
      <h2>{t('history.title')}</h2>
      <ol>
        {events.toReversed().map((event, index) => (
          <HistoryEvent key={`${event.at} ${index}`} event={event} />
        ))}
      </ol>
    </section>
  );
}

function HistoryEvent({ event }: { event: CaseEntry }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const done = event.kind === 'state_changed' && (event.to === 'resolved' || event.to === 'closed');
  const Icon = done ? CircleCheck : icons[event.kind];
  return (
    <li className={styles.event}>
      <time dateTime={event.at}>{formatMoment(event.at, t.language, zone, serverNow())}</time>
      <Icon size={16} className={done ? 'cl-ok' : undefined} aria-hidden />
      <div>
        <b>
          <HistorySentence event={event} />
        </b>
        {event.text !== null && event.text !== '' && <p>{event.text}</p>}
      </div>
    </li>
  );
}

function HistorySentence({ event }: { event: CaseEntry }) {
  const t = useMessages(messages);
  const state = (code: string | null) => {
    const key = `state.${code ?? ''}`;
    return knows(messages, key) ? t(key) : (code ?? '\u2014');
  };
  const zone = useTimeZone();
  const who = event.actor_name ?? t('history.machine');
  switch (event.kind) {
    case 'created':
      return t('history.created', { who });
    case 'commented':
      return t('history.commented', { who });
    case 'state_changed':
      return t('history.moved', { who, from: state(event.from), to: state(event.to) });
    case 'put_off':
      return t('history.put_off', { who, time: event.to === null ? '\u2014' : formatMoment(event.to, t.language, zone, Date.parse(event.at)) });
    case 'assigned':
      return event.to === null ? t('history.unassigned', { who }) : t('history.assigned', { who, to: event.to });
  }
}
