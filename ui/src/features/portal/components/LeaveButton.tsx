import { LogOut } from 'lucide-react';
import { useRef } from 'react';
import { useLocale } from '@/shared/i18n/useMessages';
import { lostByLeaving, say } from '@/shared/visitor/words';
import { useChat, useChatView } from '../hooks/useChat';
import { elderMode } from '../model/elder';
import header from './PortalHeader.module.css';
import styles from './LeaveButton.module.css';

/** For who writes on a device of others: afterwards nothing of them is left on it. */
export function LeaveButton() {
  const language = useLocale();
  const chat = useChat();
  const view = useChatView();
  const dialog = useRef<HTMLDialogElement>(null);

  const leave = () => {
    dialog.current?.close();
    elderMode.set(false);
    void chat.leave();
  };

  return (
    <div className={styles.line}>
      <button type="button" className={styles.open} onClick={() => dialog.current?.showModal()}>
        <LogOut size={14} aria-hidden /> {say(language, 'leave.open')}
      </button>
      <dialog ref={dialog} className={header.dialog} aria-labelledby="leave-title">
        <h2 id="leave-title">{say(language, 'leave.title')}</h2>
        {lostByLeaving(view, language).map((words) => (
          <p key={words} className={styles.lost}>
            {words}
          </p>
        ))}
        <div className={header.choice}>
          <button type="button" className={header.primary} onClick={leave}>
            {say(language, 'leave.yes')}
          </button>
          <button type="button" className={header.plain} onClick={() => dialog.current?.close()}>
            {say(language, 'leave.no')}
          </button>
        </div>
      </dialog>
    </div>
  );
}
