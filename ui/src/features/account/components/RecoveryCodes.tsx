import { Alert, Button } from 'antd';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './Account.module.css';
import { CopyButton } from './CopyButton';

/** The codes for the day the phone is lost, this once. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const t = useMessages(messages);
  return (
    <div role="status">
      <Alert type="success" showIcon title={t('codes.what')} />
      <ul className={styles.codes} aria-label={t('codes.title')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.actions}>
        <CopyButton text={codes.join('\n')} label={t('codes.copy')} />
        <Button type="primary" onClick={onKept}>
          {t('codes.kept')}
        </Button>
      </div>
    </div>
  );
}
