import { App, Button, Tooltip } from 'antd';
import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import styles from './MaskedNumber.module.css';
import { useErrorSentence } from './useErrorSentence';

const messages = catalogue(zh, en);
const SHOWN_MS = 30_000;

/**
 * A phone number with its middle hidden. `reveal` asks the server for the whole of it, which writes that down in
 * the audit; without it there is no button. What was revealed hides itself again after half a minute.
 */
export function MaskedNumber({ masked, reveal }: { masked: string; reveal?: () => Promise<string> }) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const [shown, setShown] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (shown === null) return undefined;
    const timer = setTimeout(() => setShown(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);

  const toggle = async () => {
    if (shown !== null || reveal === undefined) {
      setShown(null);
      return;
    }
    setBusy(true);
    try {
      setShown(await reveal());
    } catch (error) {
      void message.error(sentence(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <span className={styles.number}>
      <span aria-live="polite">{shown ?? masked}</span>
      {reveal !== undefined && (
        <Tooltip title={t('number.audited')}>
          <Button type="link" size="small" loading={busy} onClick={() => void toggle()} icon={shown === null ? <Eye size={12} aria-hidden /> : <EyeOff size={12} aria-hidden />} className={styles.reveal}>
            {shown === null ? t('number.reveal') : t('number.hide')}
          </Button>
        </Tooltip>
      )}
    </span>
  );
}
