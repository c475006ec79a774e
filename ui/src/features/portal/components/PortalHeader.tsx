import { useRef, useState } from 'react';
import { Logo } from '@/design/Logo';
import { useErrorSentence } from '@/design/useErrorSentence';
import { locale } from '@/shared/i18n/locale';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStored } from '@/shared/storage/useStored';
import { isLive } from '@/shared/visitor/protocol';
import { serviceText, stateText } from '@/shared/visitor/words';
import { useChat, useChatView } from '../hooks/useChat';
import { messages } from '../messages';
import { elderMode } from '../model/elder';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './PortalHeader.module.css';

/** Who serves me, and what I can always do: bigger type, the other language, end it. */
export function PortalHeader() {
  const t = useMessages(messages);
  const view = useChatView();
  const { now } = view;
  const elder = useStored(elderMode);
  const other = t.language === 'zh-CN' ? 'en' : 'zh-CN';
  const agent = now.state === 'chatting' ? now.agent_name : null;

  return (
    <header className={styles.header}>
      <Logo size={36} />
      <div className={styles.who}>
        <h1>{agent === null ? serviceText(view, t.language) : t('service.agent', { name: agent })}</h1>
        <p className={agent === null ? styles.state : styles.served} aria-live="polite">
          {stateText(now, t.language)}
        </p>
      </div>
      <button type="button" className={styles.tool} onClick={() => elderMode.set(!elder)}>
        {elder ? t('elder.off') : t('elder.on')}
      </button>
      <button type="button" className={styles.tool} lang={other} onClick={() => locale.set(other)}>
        {(other === 'en' ? en : zh)['language.name']}
      </button>
      {isLive(now) && <EndButton />}
    </header>
  );
}

function EndButton() {
  const t = useMessages(messages);
  const chat = useChat();
  const sentence = useErrorSentence();
  const dialog = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const end = () => {
    setBusy(true);
    setError(null);
    chat
      .end()
      .then(() => dialog.current?.close(), setError)
      .finally(() => setBusy(false));
  };

  return (
    <>
      <button type="button" className={styles.tool} onClick={() => dialog.current?.showModal()}>
        {t('end')}
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby="end-title">
        <h2 id="end-title">{t('end.title')}</h2>
        <p>{t('end.what')}</p>
        {error !== null && (
          <p role="alert" className="cl-bad">
            {sentence(error)}
          </p>
        )}
        <div className={styles.choice}>
          <button type="button" className={styles.primary} disabled={busy} onClick={end}>
            {t('end.yes')}
          </button>
          <button type="button" className={styles.plain} onClick={() => dialog.current?.close()}>
            {t('end.no')}
          </button>
        </div>
      </dialog>
    </>
  );
}
