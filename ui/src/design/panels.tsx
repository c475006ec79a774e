/** What a panel shows instead of its content: nothing yet, still coming, or it could not be had. */
import { Button, Skeleton } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import { BrokenGlyph } from './glyphs';
import styles from './panels.module.css';
import { useErrorSentence } from './useErrorSentence';

const messages = catalogue(zh, en);

/** What will be here, and at most one thing to do about it. */
export function EmptyPanel({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className="cl-muted">{children}</p>
      {action}
    </div>
  );
}

/** A name as it stands in a sentence: not with a capital that is only that of a heading. */
const inSentence = (name: string) => (/^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name);

/** Only the part that failed says so; the rest of the screen goes on. */
export function ErrorPanel({ what, error, retry }: { what: string; error: unknown; retry: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  return (
    <div className={styles.empty} role="alert">
      <p>
        <span className="cl-bad">
          <BrokenGlyph size={14} />
        </span>{' '}
        {t('panel.failed', { what: inSentence(what), why: sentence(error) })}
      </p>
      <Button size="small" onClick={retry}>
        {t('panel.retry')}
      </Button>
    </div>
  );
}

/** Nothing for 200 ms, then a skeleton, and after five seconds the name of what is slow. */
export function Loading({ what, rows = 3 }: { what: string; rows?: number }) {
  const t = useMessages(messages);
  const [waited, setWaited] = useState(0);
  useEffect(() => {
    const soon = setTimeout(() => setWaited(0.2), 200);
    const every = setInterval(() => setWaited((s) => Math.floor(s) + 1), 1000);
    return () => {
      clearTimeout(soon);
      clearInterval(every);
    };
  }, []);
  if (waited === 0) return null;
  return (
    <div className={styles.loading} role="status">
      <span className="cl-hidden">{t('panel.loading', { what: inSentence(what) })}</span>
      <Skeleton active title={false} paragraph={{ rows }} />
      {waited >= 5 && <p className="cl-note cl-muted">{t('panel.slow', { what: inSentence(what), seconds: waited })}</p>}
    </div>
  );
}
