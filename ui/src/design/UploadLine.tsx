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
  retry: () => void;
  cancel: () => void;
}

/** A file on its way: how far it is, and how to stop it. */
export function UploadLine({ entry, retry, cancel }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const percent = Math.floor(entry.progress * 100);
  const state =
    entry.state === 'failed' ? t('upload.failed', { why: sentence(entry.error) }) : t(`upload.${entry.state}`, { percent });
  return (
    <div className={styles.line} data-state={entry.state}>
      <FileUp size={20} aria-hidden />
      <div className={styles.what}>
        <div className={styles.name}>{entry.text}</div>
        <div className={styles.state} role={entry.state === 'failed' ? 'alert' : undefined}>
          {state}
        </div>
        {entry.state === 'sending' && <progress className={styles.bar} max={100} value={percent} aria-label={entry.text} />}
      </div>
      {entry.state === 'failed' && (
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
