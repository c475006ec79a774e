import { Alert, App, Button, Modal } from 'antd';
import { Copy } from 'lucide-react';
import type { ServiceTokenShown } from '@/shared/api/generated/types.gen';
import { copyText } from '@/shared/clipboard/copy';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './Access.module.css';

/** The token of a new service account, this once. Only its button closes it, not a click beside it. */
export function TokenDialog({ made, onClose }: { made: ServiceTokenShown | null; onClose: () => void }) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  if (made === null) return null;
  const copy = async () => {
    if (await copyText(made.token)) void message.success(t('token.copied'));
    else void message.warning(t('token.not_copied'));
  };
  return (
    <Modal
      open
      title={t('token.title', { name: made.account.name })}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <>
          <Button icon={<Copy size={14} aria-hidden />} onClick={() => void copy()}>
            {t('token.copy')}
          </Button>
          <Button type="primary" onClick={onClose}>
            {t('token.kept')}
          </Button>
        </>
      }
    >
      <Alert type="warning" showIcon title={t('token.once')} />
      <code className={styles.token}>{made.token}</code>
      <p className="cl-secondary">{t('token.waits')}</p>
      <p className="cl-secondary">{t('token.how')}</p>
      <code className={styles.token}>{`Authorization: Bearer ${made.token.slice(0, 7)}…`}</code>
    </Modal>
  );
}
