import { Button } from 'antd';
import { ArrowDown } from 'lucide-react';
import { Fragment, useEffect, useEffectEvent, useRef } from 'react';
import { Severity } from '@/design/Severity';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Message, Note } from '@/shared/api/generated/types.gen';
import { shownState, type Pending } from '@/shared/conversations/pending';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatDay, formatShortDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { hasEarlier } from '../api/messages';
import { useKeptPlace } from '../hooks/useKeptPlace';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { inOrder, momentOf, nameOfEntry } from '../model/entries';
import styles from './Transcript.module.css';
import { MessageLine, NoteLine, PendingLine } from './TranscriptLines';

const texts = catalogue(zh, en);
const NONE: readonly Note[] = [];

/** What came before the messages that are held. */
export interface Earlier {
  load: () => void;
  loading: boolean;
  error: unknown;
  /** False once there is no more that one may read, although the numbers begin earlier. */
  more?: boolean;
}

interface Props {
  conversationId: string;
  messages: readonly Message[];
  earlier: Earlier;
  /** What colleagues wrote for each other; it stands among the messages and looks like none. */
  notes?: readonly Note[];
  pending: readonly Pending[];
  /** Up to where the customer has read. */
  readSeq: number;
  typing: boolean;
  /** Up to where the lines have been in view. */
  onSeen: (seq: number) => void;
}

/** A conversation as lines: when, who, what. It stays at its end, or where somebody scrolled to, and keeps that place. */
export function Transcript({ conversationId, messages, earlier, notes = NONE, pending, readSeq, typing, onSeen }: Props) {
  const t = useMessages(texts);
  const zone = useTimeZone();
  const lastOwn = messages.findLast((message) => message.author === 'agent')?.seq;
  const last = messages.at(-1)?.seq ?? 0;
  const { log, lines, atEnd, seen, onScroll, toEnd } = useKeptPlace(conversationId, last, pending.length);
  const fresh = messages.filter(({ seq, author, kind }) => seq > seen && author !== 'agent' && kind !== 'notice').length;
  const more = hasEarlier(messages) && earlier.more !== false;
  // Notes of what is not loaded yet come with it.
  const entries = inOrder(messages, more ? notes.filter(({ at }) => Date.parse(at) >= Date.parse(messages[0]?.at ?? at)) : notes);
  const day = (moment: string) => formatShortDay(moment, zone, serverNow());
  const today = formatShortDay(serverNow(), zone, serverNow());

  const told = useEffectEvent(onSeen);
  useEffect(() => told(seen), [seen]);

  return (
    <div className={styles.frame}>
      <div ref={log} className={styles.log} role="log" aria-live="polite" aria-label={t('transcript.title')} tabIndex={0} onScroll={onScroll}>
        <div ref={lines} className={styles.lines}>
          {more && <EarlierOnes earlier={earlier} first={messages[0]?.seq ?? 0} />}
          {entries.map((entry, at) => {
            const moment = momentOf(entry);
            const before = entries[at - 1];
            const turns = before === undefined ? day(moment) !== today : day(momentOf(before)) !== day(moment);
            return (
              <Fragment key={nameOfEntry(entry)}>
                {turns && <p className={styles.day}>{formatDay(moment, t.language, zone)}</p>}
                {entry.kind === 'note' ? (
                  <NoteLine note={entry.note} />
                ) : (
                  <MessageLine message={entry.message} sent={entry.message.seq === lastOwn ? (entry.message.seq <= readSeq ? 'read' : 'sent') : null} />
                )}
              </Fragment>
            );
          })}
          {pending.map((entry) => (
            <PendingLine key={entry.clientId} entry={entry} upload={shownState(entry, pending)} behind={pending.find(({ state }) => state !== 'failed')?.state === 'waiting'} />
          ))}
          <p className={styles.typing}>{typing && t('transcript.typing')}</p>
        </div>
      </div>
      {!atEnd && (
        <Button
          className={styles.below}
          type={fresh > 0 ? 'primary' : 'default'}
          shape="round"
          size="small"
          icon={<ArrowDown size={14} aria-hidden />}
          onClick={() => {
            toEnd();
            log.current?.focus();
          }}
        >
          {fresh > 0 ? t('transcript.fresh', { n: fresh }) : t('transcript.end')}
        </Button>
      )}
    </div>
  );
}

/** Comes by itself as one scrolls up to it; by hand for who does not scroll, and when it could not be had. */
function EarlierOnes({ earlier: { load, loading, error }, first }: { earlier: Earlier; first: number }) {
  const t = useMessages(texts);
  const sentence = useErrorSentence();
  const place = useRef<HTMLDivElement>(null);
  const failed = error !== null && error !== undefined;
  const seen = useEffectEvent(() => {
    if (!loading && !failed) load();
  });
  useEffect(() => {
    if (place.current === null) return undefined;
    const watch = new IntersectionObserver((all) => all.some((one) => one.isIntersecting) && seen(), { root: place.current.closest('[role="log"]'), rootMargin: '400px 0px 0px' });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [first]);
  return (
    <div ref={place} className={styles.earlier}>
      {failed && <Severity level="bad">{t('transcript.not_loaded', { why: sentence(error) })}</Severity>}
      <Button type="link" size="small" loading={loading} onClick={load}>
        {t(failed ? 'transcript.again' : 'transcript.earlier')}
      </Button>
    </div>
  );
}
