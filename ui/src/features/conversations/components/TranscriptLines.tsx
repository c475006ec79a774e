import { Button } from 'antd';
import { Check, CheckCheck, Clock3 } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { BrokenGlyph } from '@/design/glyphs';
import { SentFile } from '@/design/SentFile';
import { UploadLine } from '@/design/UploadLine';
import { useErrorSentence } from '@/design/useErrorSentence';
import { Words } from '@/design/Words';
import type { Message, Note } from '@/shared/api/generated/types.gen';
import type { Pending, shownState } from '@/shared/conversations/pending';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { formatTime } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { linksOf } from '../api/files';
import { useOutbox } from '../hooks/useOutbox';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { noticeSentence } from '../model/notice';
import styles from './Transcript.module.css';

const texts = catalogue(zh, en);

/** One of hundreds: drawn again only when it is another. */
export const MessageLine = memo(function MessageLine({ message, sent }: { message: Message; sent: 'sent' | 'read' | null }) {
  const t = useMessages(texts);
  const { user } = useSession();
  const mine = message.author !== 'agent' || message.author_name === null || message.author_name === user.display_name;
  const who = mine ? t(`author.${message.author}`) : (message.author_name ?? '');
  if (message.kind === 'notice') {
    return (
      <p className={styles.notice} data-line={message.id}>
        {noticeSentence(message, t)}
      </p>
    );
  }
  return (
    <Line at={message.at} who={who} author={message.author} name={message.id}>
      <Content message={message} />
      {sent !== null && (
        <span className={styles.fate}>
          {sent === 'read' ? <CheckCheck size={12} aria-hidden /> : <Check size={12} aria-hidden />} {t(`fate.${sent}`)}
        </span>
      )}
    </Line>
  );
});

function Content({ message }: { message: Message }) {
  const { attachment, kind, text } = message;
  if (kind === 'text' || kind === 'notice' || attachment === null) return <Words>{text}</Words>;
  return <SentFile kind={kind} name={text} attachment={attachment} link={linksOf(message.conversation_id).get} />;
}

/** Said to colleagues, never to the customer. */
export const NoteLine = memo(function NoteLine({ note }: { note: Note }) {
  const t = useMessages(texts);
  const zone = useTimeZone();
  return (
    <div className={styles.aside} role="note" data-line={note.id}>
      <time dateTime={note.at}>{formatTime(note.at, t.language, zone)}</time>
      <span className={styles.who} title={note.author_name ?? undefined}>
        {note.author_name}
      </span>
      <div className={styles.text} dir="auto">
        <span className={styles.unseen}>{t('note.unseen')}</span>
        <Words>{note.text}</Words>
      </div>
    </div>
  );
});

/** What stands behind a message that waits for the network waits, too. */
export function PendingLine({ entry, behind, upload }: { entry: Pending; behind: boolean; upload: ReturnType<typeof shownState> }) {
  const t = useMessages(texts);
  const outbox = useOutbox();
  const sentence = useErrorSentence();
  if (entry.file !== null) {
    return <UploadLine entry={entry} state={upload} retry={() => outbox.retry(entry.clientId)} cancel={() => outbox.discard(entry.clientId)} />;
  }
  return (
    <Line at={entry.at} who={t('author.agent')} author="agent">
      <Words>{entry.text}</Words>
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

function Line({ at, who, author, name, children }: { at: string; who: string; author: Message['author']; name?: string; children: ReactNode }) {
  const { language } = useMessages(texts);
  const zone = useTimeZone();
  return (
    <div className={styles.line} data-author={author} data-line={name}>
      <time dateTime={at}>{formatTime(at, language, zone)}</time>
      <span className={styles.who} title={who}>
        {who}
      </span>
      <div className={styles.text} dir="auto">
        {children}
      </div>
    </div>
  );
}
