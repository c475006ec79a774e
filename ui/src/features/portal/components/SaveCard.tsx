import { Download } from 'lucide-react';
import { useLocale } from '@/shared/i18n/useMessages';
import { save } from '@/shared/files/save';
import { transcriptFile } from '@/shared/visitor/transcriptFile';
import { saveKindText, saveText } from '@/shared/visitor/words';
import { useChatView } from '../hooks/useChat';
import styles from './Card.module.css';

const KINDS = ['text', 'html'] as const;

/** What was said, to keep. */
export function SaveCard() {
  const language = useLocale();
  const view = useChatView();
  return (
    <div className={styles.save}>
      <span>
        <Download size={16} aria-hidden /> {saveText(language)}
      </span>
      {KINDS.map((kind) => (
        <button key={kind} type="button" onClick={() => save(transcriptFile(view, kind, language, Date.now()))}>
          {saveKindText(kind, language)}
        </button>
      ))}
    </div>
  );
}
