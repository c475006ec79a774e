import { useBlocker } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './Dialogs.module.css';

/** Who leaves with something unsaved is asked first; so does the browser when its tab is closed. */
export function LeaveGuard({ unsaved, onSave }: { unsaved: boolean; onSave: () => Promise<boolean> }) {
  const t = useMessages(messages);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => unsaved && current.pathname !== next.pathname,
    enableBeforeUnload: unsaved,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Modal
      open
      title={t('leave.title')}
      onCancel={blocker.reset}
      footer={
        <div className={styles.buttons} style={{ justifyContent: 'flex-end' }}>
          <Button onClick={blocker.reset}>{t('leave.stay')}</Button>
          <Button danger onClick={blocker.proceed}>
            {t('leave.drop')}
          </Button>
          <Button type="primary" onClick={() => void onSave().then((kept) => (kept ? blocker.proceed() : blocker.reset()))}>
            {t('leave.save')}
          </Button>
        </div>
      }
    >
      <p>{t('leave.what')}</p>
    </Modal>
  );
}
