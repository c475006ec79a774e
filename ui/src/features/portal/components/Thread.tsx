import { Bot } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { BrokenGlyph } from '@/design/glyphs';
import { SentFile } from '@/design/SentFile';
import { UploadLine } from '@/design/UploadLine';
import { useErrorSentence } from '@/design/useErrorSentence';
import { useMessages } from '@/shared/i18n/useMessages';
import { shownState, type Pending } from '@/shared/conversations/pending';
import { formatMoment } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { askedFor } from '@/shared/visitor/letter';
import { passwordAsked } from '@/shared/visitor/password';
import type { VisitorMessage } from '@/shared/visitor/protocol';
import { authorText, forgottenText, noticeText, pendingText, ratingDone, sentText } from '@/shared/visitor/words';
import { useChat, useChatView } from '../hooks/useChat';
import { messages as texts } from '../messages';
import { LetterCard } from './LetterCard';
import { PasswordCard } from './PasswordCard';
import { QueueCard } from './QueueCard';
import { RatingCard } from './RatingCard';
import { SaveCard } from './SaveCard';
import styles from './Thread.module.css';

const NEAR_END_PX = 120;
const PAUSE_MS = 5 * 60_000;

/** What was said, mine on the right; stays at its end unless somebody scrolled up to read. */
export function Thread() {
  const t = useMessages(texts);
  const chat = useChat();
  const view = useChatView();
  const { messages, pending, now, agentTyping, rated, forgotten } = view;
  const justRated = rated !== null && rated === now.interaction_id && now.state === 'ended';
  const asked = askedFor(view);
  const password = passwordAsked(view, useNow());
  const log = useRef<HTMLElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);

  // Whatever grows in here, a message, bigger type or the rating: who was at the end stays there.
  useEffect(() => {
    const content = inner.current;
    if (content === null) return;
    const growth = new ResizeObserver(() => {
      if (atEnd.current) log.current?.scrollTo({ top: log.current.scrollHeight });
    });
    growth.observe(content);
    return () => growth.disconnect();
  }, []);

  useEffect(() => {
    const seen = () => {
      if (document.visibilityState === 'visible') chat.tellRead();
    };
    seen();
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [chat, messages.length]);

  return (
    <main
      ref={log}
      className={styles.log}
      tabIndex={0}
      onScroll={({ currentTarget: el }) => {
        atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_END_PX;
      }}
    >
      <div ref={inner}>
        <div role="log" aria-live="polite" aria-label={t('log.title')} className={styles.lines}>
          {messages.length + pending.length === 0 && <p className={styles.notice}>{t('log.empty')}</p>}
          {messages.map((message, index) => (
            <MessageLine key={message.id} message={message} before={messages[index - 1]} fate={sentText(message, view, t.language)} />
          ))}
          {pending.map((entry) =>
            entry.file === null ? (
              <PendingLine key={entry.clientId} entry={entry} />
            ) : (
              <UploadLine key={entry.clientId} entry={entry} state={shownState(entry, pending)} retry={() => chat.retry(entry.clientId)} cancel={() => chat.discard(entry.clientId)} />
            ),
          )}
          {forgotten > 0 && <Forgotten many={forgotten} />}
          {justRated && <p className={styles.notice}>{ratingDone(t.language)}</p>}
          {agentTyping && <p className={styles.notice}>{t('log.typing')}</p>}
        </div>
        {asked !== null && <LetterCard key={asked.interactionId} asked={asked} />}
        {password !== null && <PasswordCard key={password.formId} asked={password} />}
        {now.state === 'queued' && <QueueCard position={now.queue_position} />}
        {now.state === 'ended' && messages.length > 0 && <SaveCard />}
        {now.rating_open && now.interaction_id !== null && <RatingCard key={now.interaction_id} interactionId={now.interaction_id} />}
      </div>
    </main>
  );
}

interface LineProps {
  message: VisitorMessage;
  before: VisitorMessage | undefined;
  fate: string | null;
}

function MessageLine({ message, before, fate }: LineProps) {
  const { language } = useMessages(texts);
  const chat = useChat();
  const paused = before === undefined || Date.parse(message.at) - Date.parse(before.at) > PAUSE_MS;
  const time = paused && <Moment at={message.at} />;
  if (message.kind === 'notice') {
    return (
      <>
        {time}
        <Notice message={message} />
      </>
    );
  }
  const mine = message.author === 'customer';
  const first = paused || before.author !== message.author || before.kind === 'notice';
  return (
    <>
      {time}
      {!mine && first && (
        <p className={styles.author}>
          {message.author === 'bot' && (
            <span className={styles.bot}>
              <Bot size={16} aria-hidden />
            </span>
          )}
          {authorText(message, language)}
        </p>
      )}
      {message.kind !== 'text' && message.attachment !== null ? (
        <div className={mine ? styles.sent : styles.received}>
          <SentFile kind={message.kind} name={message.text} attachment={message.attachment} link={chat.files.link} />
        </div>
      ) : (
        <p className={mine ? styles.mine : styles.theirs}>{message.text}</p>
      )}
      {fate !== null && <p className={styles.fate}>{fate}</p>}
    </>
  );
}

function Notice({ message }: { message: VisitorMessage }) {
  const { language } = useMessages(texts);
  const text = noticeText(message, language, useNow());
  return text === null ? null : <p className={message.code === 'message-left' ? styles.receipt : styles.notice}>{text}</p>;
}

function Forgotten({ many }: { many: number }) {
  const t = useMessages(texts);
  const chat = useChat();
  return (
    <p className={styles.notice}>
      {forgottenText(many, t.language)}{' '}
      <button type="button" className={styles.hide} onClick={() => chat.hideForgotten()}>
        {t('forgotten.hide')}
      </button>
    </p>
  );
}

function Moment({ at }: { at: string }) {
  const { language } = useMessages(texts);
  const zone = useTimeZone();
  const now = useNow();
  return (
    <time className={styles.notice} dateTime={at}>
      {formatMoment(at, language, zone, now)}
    </time>
  );
}

function PendingLine({ entry }: { entry: Pending }) {
  const t = useMessages(texts);
  const chat = useChat();
  const sentence = useErrorSentence();
  return (
    <>
      <p className={styles.mine} data-state={entry.state}>
        {entry.text}
      </p>
      {entry.state !== 'failed' ? (
        <p className={styles.fate}>{pendingText(entry.state, t.language)}</p>
      ) : (
        <div className={styles.failed} role="alert">
          <p>
            <BrokenGlyph size={14} /> {pendingText('failed', t.language)} · {sentence(entry.error)}
          </p>
          <button type="button" onClick={() => chat.retry(entry.clientId)}>
            {t('fate.retry')}
          </button>
          <button type="button" onClick={() => chat.discard(entry.clientId)}>
            {t('fate.discard')}
          </button>
        </div>
      )}
    </>
  );
}
