import { Phone, PhoneOff } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useMode } from '@/design/mode';
import { useErrorSentence } from '@/design/useErrorSentence';
import { catalogue } from '@/shared/i18n/catalogue';
import { locale } from '@/shared/i18n/locale';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatDuration } from '@/shared/time/format';
import { useDemoCallers } from '../hooks/useDemoCallers';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { DemoPhone } from '../model/demoPhone';
import styles from './DemoPhonePage.module.css';
import { ShortMessages } from './ShortMessages';

const messages = catalogue(zh, en);
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/** A telephone in the browser: choose who calls, dial the hotline, press keys, hang up. */
export function DemoPhonePage() {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [phone] = useState(() => new DemoPhone());
  const [chosen, setChosen] = useState<string | null>(null);
  const { offered, error: unknown, again } = useDemoCallers();
  const { phase, since, silent, keys, ending, error } = useSyncExternalStore(phone.subscribe, phone.getState);
  const other = t.language === 'zh-CN' ? 'en' : 'zh-CN';
  const idle = phase === 'idle';
  const hotline = offered?.hotline ?? '';
  const caller = chosen ?? offered?.callers[0]?.number ?? '';
  const password = offered?.callers.find(({ number }) => number === caller)?.service_password;
  useMode();

  useEffect(() => {
    document.documentElement.lang = t.language;
    document.title = t('title');
  }, [t]);
  useEffect(() => {
    const leave = () => phone.hangUp();
    window.addEventListener('pagehide', leave);
    return () => window.removeEventListener('pagehide', leave);
  }, [phone]);

  return (
    <main className={styles.page}>
      <div className={styles.phone}>
        <header className={styles.head}>
          <h1>{t('title')}</h1>
          <button type="button" className={styles.language} lang={other} onClick={() => locale.set(other)}>
            {(other === 'en' ? en : zh)['language.name']}
          </button>
        </header>
        <p className={styles.what}>{t('what')}</p>
        <label className={styles.field}>
          {t('caller')}
          <select value={caller} disabled={!idle || offered === null} onChange={(event) => setChosen(event.target.value)}>
            {offered?.callers.map(({ number, name }) => (
              <option key={number} value={number}>
                {name === null ? t('caller.nobody', { number }) : t('caller.known', { number, name })}
              </option>
            ))}
          </select>
        </label>
        <div className={styles.display}>
          <p className={styles.number}>
            <span className="cl-hidden">{t('called')} </span>
            {hotline}
          </p>
          <p role="status" className={styles.status} data-phase={phase}>
            {t(silent && phase === 'talking' ? 'phase.silent' : `phase.${phase}`)}
          </p>
          {since !== null && phase === 'talking' && <TalkTime label={t('time')} since={since} />}
          <p className={styles.keys}>{keys !== '' && t('keys', { keys })}</p>
        </div>
        {typeof password === 'string' && <p className={styles.what}>{t('service_password', { password })}</p>}
        <ShortMessages number={caller} />
        <div role="alert" className={styles.ending}>
          {idle && ending !== null && t(`ending.${ending}`)}
          {idle && error !== null && ` ${sentence(error)}`}
          {unknown !== null && (
            <>
              {sentence(unknown)}{' '}
              <button type="button" className={styles.again} onClick={again}>
                {t('again')}
              </button>
            </>
          )}
        </div>
        <div className={styles.keypad} role="group" aria-label={t('keypad')}>
          {KEYS.map((key) => (
            <button
              key={key}
              type="button"
              disabled={phase !== 'talking'}
              aria-label={key === '*' ? t('key.star') : key === '#' ? t('key.hash') : key}
              onClick={() => void phone.press(key)}
            >
              {key}
            </button>
          ))}
        </div>
        {idle ? (
          <button type="button" className={styles.call} disabled={offered === null} onClick={() => void phone.dial(caller, hotline)}>
            <Phone size={22} aria-hidden /> {t('dial', { number: hotline })}
          </button>
        ) : (
          <button type="button" className={styles.hangUp} onClick={() => phone.hangUp()}>
            <PhoneOff size={22} aria-hidden /> {t('hang_up')}
          </button>
        )}
      </div>
    </main>
  );
}

/** Counts by this browser's clock, which also said when it began. */
function TalkTime({ label, since }: { label: string; since: number }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((Date.now() - since) / 1000), 250);
    return () => clearInterval(timer);
  }, [since]);
  return (
    <p className={styles.time} role="timer" aria-label={label}>
      {formatDuration(seconds)}
    </p>
  );
}
