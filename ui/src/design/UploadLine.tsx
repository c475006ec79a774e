import { FileUp, X } from 'lucide-react';
import type { Pending } from '@/shared/conversations/pending';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import styles from './UploadLine.module.css';
import { useErrorSentence } from './useErrorSentence';

const messages = catalogue(zh, en);

interface Props {
  entry: Pending;
  /** `queued` is what stands behind another. */
  state: Pending['state'] | 'queued';
  retry: () => void;
  cancel: () => void;
}

/** A file on its way: how far it is, and how to stop it. */
export function UploadLine({ entry, state, retry, cancel }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const percent = Math.floor(entry.progress * 100);
  const said = state === 'failed' ? t('upload.failed', { why: sentence(entry.error) }) : t(`upload.${state}`);
  return (
    <div className={styles.line} data-state={state}>
      <FileUp size={20} aria-hidden />
      <div className={styles.what}>
        <div className={styles.name}>{entry.text}</div>
        <div className={styles.state} role={state === 'failed' ? 'alert' : undefined}>
          {said}
          {/* It stands in a log that is read out: what changes each moment is only shown. */}
          {state === 'sending' && <span aria-hidden> {percent}%</span>}
        </div>
        {state === 'sending' && <progress className={styles.bar} max={100} value={percent} aria-label={entry.text} />}
      </div>
      {state === 'failed' && (
        <button type="button" onClick={retry}>
          {t('upload.retry')}
        </button>
      )}
      <button type="button" onClick={cancel} aria-label={`${t('upload.cancel')} ${entry.text}`}>
        <X size={16} aria-hidden />
      </button>
    </div>
  );
}
