import { Alert, App, Button, Modal } from 'antd';
import { Copy } from 'lucide-react';
import { copyText } from '@/shared/clipboard/copy';
import { useStaffMessages } from '../words';
import styles from './Staff.module.css';

/** Shown this once: it is stored nowhere in readable form, and closing this is the end of it. */
export function OneTimePassword({ login, password, onClose }: { login: string; password: string | null; onClose: () => void }) {
  const t = useStaffMessages();
  const { message } = App.useApp();
  const copy = async () => {
    if (await copyText(password ?? '')) void message.success(t('once.copied'));
    else void message.warning(t('once.copy_by_hand'));
  };
  // Gone at once and not hidden: nothing of it stays in the page.
  if (password === null) return null;
  return (
    <Modal
      open
      title={t('once.title', { login })}
      onCancel={onClose}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('once.done')}
        </Button>
      }
    >
      <p>{t('once.what')}</p>
      <div className={styles.password}>
        <code data-testid="one-time-password">{password}</code>
        <Button icon={<Copy size={16} aria-hidden />} onClick={() => void copy()}>
          {t('once.copy')}
        </Button>
      </div>
      <Alert type="warning" showIcon title={t('once.warning')} />
    </Modal>
  );
}
