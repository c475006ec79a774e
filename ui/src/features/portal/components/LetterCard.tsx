import { useRef, useState, type SubmitEvent } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { Problem } from '@/shared/http/problem';
import { useLocale } from '@/shared/i18n/useMessages';
import { dropLetter, keepLetter, letterDraft, type Asked } from '@/shared/visitor/letter';
import { MAX_LETTER, MAX_REACH } from '@/shared/visitor/protocol';
import { say } from '@/shared/visitor/words';
import { useChat } from '../hooks/useChat';
import card from './Card.module.css';
import styles from './LetterCard.module.css';

/** A message for when nobody can serve, with how to be reached. What is written survives a reload and a refusal. */
export function LetterCard({ asked }: { asked: Asked }) {
  const language = useLocale();
  const chat = useChat();
  const sentence = useErrorSentence();
  const [draft, setDraft] = useState(() => letterDraft(asked, chat.getView(), chat.getNumber()));
  const [agreed, setAgreed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const reach = useRef<HTMLInputElement>(null);
  const tick = useRef<HTMLInputElement>(null);

  const write = (part: { text: string } | { reach: string }) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keepLetter(asked.interactionId, next);
  };
  const refuse = (why: string, field: HTMLElement | null) => {
    setWrong(why);
    field?.focus();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setWrong(null);
    if (draft.text.trim() === '') {
      refuse(say(language, 'letter.text_needed'), text.current);
      return;
    }
    if (draft.reach.trim() === '') {
      refuse(say(language, 'letter.reach_needed'), reach.current);
      return;
    }
    if (!agreed) {
      refuse(say(language, 'letter.consent_needed'), tick.current);
      return;
    }
    setBusy(true);
    chat
      .leaveMessage({ interaction_id: asked.interactionId, client_id: draft.clientId, text: draft.text, reach: draft.reach, consent: true })
      .then(
        () => dropLetter(asked.interactionId),
        (error: unknown) => {
          setBusy(false);
          const field = error instanceof Problem ? error.field : null;
          refuse(sentence(error), field === 'text' ? text.current : field === 'reach' ? reach.current : null);
        },
      );
  };

  return (
    <form className={`${card.card} ${styles.letter}`} aria-labelledby="letter-title" onSubmit={submit} noValidate>
      <h2 id="letter-title">{say(language, 'letter.title')}</h2>
      <p className={card.note}>{say(language, asked.busy ? 'letter.what_busy' : 'letter.what')}</p>
      <label>
        {say(language, 'letter.text')}
        <textarea ref={text} rows={4} maxLength={MAX_LETTER} value={draft.text} onChange={(event) => write({ text: event.target.value })} />
      </label>
      <label>
        {say(language, 'letter.reach')}
        <input
          ref={reach}
          value={draft.reach}
          maxLength={MAX_REACH}
          autoComplete="tel"
          placeholder={say(language, 'letter.reach_hint')}
          onChange={(event) => write({ reach: event.target.value })}
        />
      </label>
      <label className={styles.tick}>
        <input ref={tick} type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.target.checked)} />
        <span>{asked.consent}</span>
      </label>
      {wrong !== null && (
        <p role="alert" className="cl-bad">
          {wrong}
        </p>
      )}
      <button type="submit" disabled={busy}>
        {say(language, busy ? 'letter.sending' : 'letter.send')}
      </button>
    </form>
  );
}
