import { Button } from 'antd';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Keypad.module.css';

const messages = catalogue(zh, en);
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Sends tones. What was pressed is not shown: it may be somebody's secret. */
export function Keypad({ onKey }: { onKey: (key: string) => void }) {
  const t = useMessages(messages);
  return (
    <div className={styles.keys} role="group" aria-label={t('bar.keypad')}>
      {KEYS.map((key) => (
        <Button key={key} size="large" onClick={() => onKey(key)}>
          {key}
        </Button>
      ))}
    </div>
  );
}
