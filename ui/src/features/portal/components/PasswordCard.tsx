import { LockKeyhole } from 'lucide-react';
import { useRef, useState, type SubmitEvent } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { useLocale } from '@/shared/i18n/useMessages';
import { digitsOf, PASSWORD_DIGITS, type PasswordAsked } from '@/shared/visitor/password';
import { say } from '@/shared/visitor/words';
import { useChat } from '../hooks/useChat';
import card from './Card.module.css';
import styles from './LetterCard.module.css';

/** A service password, for the server alone: it is kept in no draft and shown to nobody. */
export function PasswordCard({ asked }: { asked: PasswordAsked }) {
  const language = useLocale();
  const chat = useChat();
  const sentence = useErrorSentence();
  const [typed, setTyped] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const choosing = asked.purpose === 'choose';

  const refuse = (why: string) => {
    setWrong(why);
    setTyped('');
    setAgain('');
    field.current?.focus();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setWrong(null);
    if (choosing && digitsOf(typed) !== digitsOf(again)) {
      setWrong(say(language, 'password.not_same'));
      setAgain('');
      second.current?.focus();
      return;
    }
    setBusy(true);
    chat
      .fillPassword(asked, digitsOf(typed))
      .then(
        ({ done, tries_left }) => {
          if (!done && tries_left > 0) refuse(say(language, 'password.wrong', { n: tries_left }));
        },
        (error: unknown) => refuse(sentence(error)),
      )
      .finally(() => setBusy(false));
  };
  const digits = { type: 'password', inputMode: 'numeric', maxLength: 2 * PASSWORD_DIGITS, autoComplete: 'off', required: true } as const;

  return (
    <form className={`${card.card} ${styles.letter}`} aria-labelledby="password-title" onSubmit={submit} noValidate>
      <h2 id="password-title">
        <LockKeyhole size={20} aria-hidden /> {say(language, choosing ? 'password.title_new' : 'password.title')}
      </h2>
      <p className={card.note}>{say(language, choosing ? 'password.what_new' : 'password.what', { number: asked.number })}</p>
      <label>
        {say(language, 'password.field')}
        <input ref={field} {...digits} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </label>
      {choosing && (
        <label>
          {say(language, 'password.again')}
          <input ref={second} {...digits} value={again} onChange={(event) => setAgain(event.target.value)} />
        </label>
      )}
      {wrong !== null && (
        <p role="alert" className="cl-bad">
          {wrong}
        </p>
      )}
      <button type="submit" disabled={busy || digitsOf(typed) === ''}>
        {say(language, busy ? 'password.sending' : 'password.send')}
      </button>
      <p className={card.note}>{say(language, 'password.never')}</p>
    </form>
  );
}
