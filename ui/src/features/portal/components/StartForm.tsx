import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { useMessages } from '@/shared/i18n/useMessages';
import { useChat } from '../hooks/useChat';
import { messages } from '../messages';
import styles from './Portal.module.css';

const NUMBER = /^\+?[0-9]{3,15}$/;

/**
 * Who asks, if they want to say so. What is given is a claim; nobody is let closer by it. When somebody `isNext` to who
 * was here, what had the focus is gone with them.
 */
export function StartForm({ greeting, isNext }: { greeting: string | null; isNext: boolean }) {
  const t = useMessages(messages);
  const chat = useChat();
  const sentence = useErrorSentence();
  const [name, setName] = useState('');
  const [number, setNumber] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isNext) heading.current?.focus();
  }, [isNext]);

  const enter = (who: { name: string | null; msisdn: string | null }) => {
    setBusy(true);
    setWrong(null);
    chat
      .enter(who)
      .catch((error: unknown) => setWrong(sentence(error)))
      .finally(() => setBusy(false));
  };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const digits = number.replace(/[\s-]/g, '');
    if (digits !== '' && !NUMBER.test(digits)) setWrong(t('start.number_wrong'));
    else enter({ name: name.trim() || null, msisdn: digits || null });
  };

  return (
    <main className={styles.start}>
      <form className={styles.card} onSubmit={submit} noValidate>
        {greeting !== null && <p className={styles.greeting}>{greeting}</p>}
        <h2 ref={heading} tabIndex={-1}>
          {t('start.title')}
        </h2>
        <p className={styles.why}>{t('start.why')}</p>
        <label className={styles.field}>
          {t('start.name')}
          <input value={name} maxLength={40} autoComplete="name" placeholder={t('start.name_hint')} onChange={(e) => setName(e.target.value)} />
        </label>
        <label className={styles.field}>
          {t('start.number')}
          <input
            value={number}
            type="tel"
            inputMode="tel"
            maxLength={24}
            autoComplete="tel-national"
            placeholder={t('start.number_hint')}
            onChange={(e) => setNumber(e.target.value)}
          />
        </label>
        {wrong !== null && (
          <p role="alert" className={styles.wrong}>
            {wrong}
          </p>
        )}
        <button type="submit" className={styles.primary} disabled={busy}>
          {t('start.go')}
        </button>
        <button type="button" className={styles.plain} disabled={busy} onClick={() => enter({ name: null, msisdn: null })}>
          {t('start.skip')}
        </button>
      </form>
    </main>
  );
}
