import { Alert, App, Button } from 'antd';
import { Copy } from 'lucide-react';
import { copyText } from '@/shared/clipboard/copy';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './Account.module.css';

/** The codes for the day the phone is lost, this once. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const copy = async () => {
    if (await copyText(codes.join('\n'))) void message.success(t('codes.copied'));
    else void message.warning(t('codes.not_copied'));
  };
  return (
    <div role="status">
      <Alert type="success" showIcon title={t('codes.what')} />
      <ul className={styles.codes} aria-label={t('codes.title')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.actions}>
        <Button icon={<Copy size={14} aria-hidden />} onClick={() => void copy()}>
          {t('codes.copy')}
        </Button>
        <Button type="primary" onClick={onKept}>
          {t('codes.kept')}
        </Button>
      </div>
    </div>
  );
}
