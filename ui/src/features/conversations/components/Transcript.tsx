import { Button } from 'antd';
import { Check, CheckCheck, Clock3 } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { BrokenGlyph } from '@/design/glyphs';
import { SentFile } from '@/design/SentFile';
import { UploadLine } from '@/design/UploadLine';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Message, Note } from '@/shared/api/generated/types.gen';
import type { Pending } from '@/shared/conversations/outbox';
import type { Upload } from '@/shared/conversations/uploads';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { formatTime } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { linksOf } from '../api/files';
import { useOutbox } from '../hooks/useOutbox';
import { useUploads } from '../hooks/useUploads';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { inOrder } from '../model/entries';
import { noticeSentence } from '../model/notice';
import styles from './Transcript.module.css';

const texts = catalogue(zh, en);
const NEAR_END_PX = 80;
const NONE: readonly Note[] = [];

interface Props {
  messages: readonly Message[];
  /** What colleagues wrote for each other; it stands among the messages and looks like none. */
  notes?: readonly Note[];
  pending: readonly Pending[];
  uploads: readonly Upload[];
  /** Up to where the customer has read. */
  readSeq: number;
  typing: boolean;
}

/** A conversation as lines: when, who, what. Stays at its end unless somebody scrolled up to read. */
export function Transcript({ messages, notes = NONE, pending, uploads, readSeq, typing }: Props) {
  const t = useMessages(texts);
  const log = useRef<HTMLDivElement>(null);
  const lines = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lastOwn = messages.findLast((message) => message.author === 'agent')?.seq;

  // Whatever comes in here, or grows below and takes its room, as the wrap-up form does: who was at the end stays there.
  useEffect(() => {
    if (log.current === null || lines.current === null) return;
    const change = new ResizeObserver(() => {
      if (atEnd.current) log.current?.scrollTo({ top: log.current.scrollHeight });
    });
    change.observe(log.current);
    change.observe(lines.current);
    return () => change.disconnect();
  }, []);

  return (
    <div
      ref={log}
      className={styles.log}
      role="log"
      aria-live="polite"
      aria-label={t('transcript.title')}
      tabIndex={0}
      onScroll={({ currentTarget: el }) => {
        atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_END_PX;
      }}
    >
      <div ref={lines} className={styles.lines}>
        {inOrder(messages, notes).map((entry) =>
          entry.kind === 'note' ? (
            <NoteLine key={entry.note.id} note={entry.note} />
          ) : (
            <MessageLine
              key={entry.message.id}
              message={entry.message}
              sent={entry.message.seq === lastOwn ? (entry.message.seq <= readSeq ? 'read' : 'sent') : null}
            />
          ),
        )}
        {pending.map((entry) => (
          <PendingLine key={entry.clientId} entry={entry} behind={pending.find(({ state }) => state !== 'failed')?.state === 'waiting'} />
        ))}
        {uploads.map((upload) => (
          <SendingFile key={upload.clientId} upload={upload} />
        ))}
        <p className={styles.typing}>{typing && t('transcript.typing')}</p>
      </div>
    </div>
  );
}

function MessageLine({ message, sent }: { message: Message; sent: 'sent' | 'read' | null }) {
  const t = useMessages(texts);
  const { user } = useSession();
  const mine = message.author !== 'agent' || message.author_name === null || message.author_name === user.display_name;
  const who = mine ? t(`author.${message.author}`) : (message.author_name ?? '');
  if (message.kind === 'notice') return <p className={styles.notice}>{noticeSentence(message, t)}</p>;
  return (
    <Line at={message.at} who={who} author={message.author}>
      <Content message={message} />
      {sent !== null && (
        <span className={styles.fate}>
          {sent === 'read' ? <CheckCheck size={12} aria-hidden /> : <Check size={12} aria-hidden />} {t(`fate.${sent}`)}
        </span>
      )}
    </Line>
  );
}

function Content({ message }: { message: Message }) {
  const { attachment, kind, text } = message;
  if (kind === 'text' || kind === 'notice' || attachment === null) return text;
  return <SentFile kind={kind} name={text} attachment={attachment} link={linksOf(message.conversation_id).get} />;
}

function SendingFile({ upload }: { upload: Upload }) {
  const uploads = useUploads();
  return <UploadLine upload={upload} retry={() => uploads.retry(upload.clientId)} cancel={() => uploads.cancel(upload.clientId)} />;
}

/** Said to colleagues, never to the customer. */
function NoteLine({ note }: { note: Note }) {
  const t = useMessages(texts);
  const zone = useTimeZone();
  return (
    <div className={styles.aside} role="note">
      <time dateTime={note.at}>{formatTime(note.at, t.language, zone)}</time>
      <span className={styles.who} title={note.author_name ?? undefined}>
        {note.author_name}
      </span>
      <div className={styles.text}>
        <span className={styles.unseen}>{t('note.unseen')}</span>
        {note.text}
      </div>
    </div>
  );
}

/** What stands behind a message that waits for the network waits, too. */
function PendingLine({ entry, behind }: { entry: Pending; behind: boolean }) {
  const t = useMessages(texts);
  const outbox = useOutbox();
  const sentence = useErrorSentence();
  return (
    <Line at={entry.at} who={t('author.agent')} author="agent">
      {entry.text}
      {entry.state === 'failed' ? (
        <span className={styles.failed}>
          <BrokenGlyph size={12} /> {t('fate.failed', { why: sentence(entry.error) })}
          <Button type="link" size="small" onClick={() => outbox.retry(entry.clientId)}>
            {t('fate.retry')}
          </Button>
          <Button type="link" size="small" onClick={() => outbox.discard(entry.clientId)}>
            {t('fate.discard')}
          </Button>
        </span>
      ) : (
        <span className={styles.fate}>
          <Clock3 size={12} aria-hidden /> {t(behind ? 'fate.waiting' : `fate.${entry.state}`)}
        </span>
      )}
    </Line>
  );
}

function Line({ at, who, author, children }: { at: string; who: string; author: Message['author']; children: ReactNode }) {
  const { language } = useMessages(texts);
  const zone = useTimeZone();
  return (
    <div className={styles.line} data-author={author}>
      <time dateTime={at}>{formatTime(at, language, zone)}</time>
      <span className={styles.who} title={who}>
        {who}
      </span>
      <div className={styles.text}>{children}</div>
    </div>
  );
}
