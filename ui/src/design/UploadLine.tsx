import { FileUp, X } from 'lucide-react';
import type { Upload } from '@/shared/conversations/uploads';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import styles from './UploadLine.module.css';
import { useErrorSentence } from './useErrorSentence';

const messages = catalogue(zh, en);

interface Props {
  upload: Upload;
  retry: () => void;
  cancel: () => void;
}

/** A file on its way: how far it is, and how to stop it. */
export function UploadLine({ upload, retry, cancel }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const percent = Math.floor(upload.progress * 100);
  const state =
    upload.state === 'failed' ? t('upload.failed', { why: sentence(upload.error) }) : t(`upload.${upload.state}`, { percent });
  return (
    <div className={styles.line} data-state={upload.state}>
      <FileUp size={20} aria-hidden />
      <div className={styles.what}>
        <div className={styles.name}>{upload.name}</div>
        <div className={styles.state} role={upload.state === 'failed' ? 'alert' : undefined}>
          {state}
        </div>
        {upload.state === 'sending' && <progress className={styles.bar} max={100} value={percent} aria-label={upload.name} />}
      </div>
      {upload.state === 'failed' && (
        <button type="button" onClick={retry}>
          {t('upload.retry')}
        </button>
      )}
      <button type="button" onClick={cancel} aria-label={`${t('upload.cancel')} ${upload.name}`}>
        <X size={16} aria-hidden />
      </button>
    </div>
  );
}
