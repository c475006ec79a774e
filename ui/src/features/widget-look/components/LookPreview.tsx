import { useEffect, useRef, useState } from 'react';
import type { LookInFull } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './WidgetLook.module.css';

const messages = catalogue(zh, en);

/** The real widget in a frame, wearing what is being edited. */
export function LookPreview({ look }: { look: LookInFull }) {
  const t = useMessages(messages);
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(0);
  useEffect(() => {
    const hear = ({ origin, source, data }: MessageEvent<unknown>) => {
      if (origin === window.location.origin && source === frame.current?.contentWindow && data === 'ready') setReady((times) => times + 1);
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, []);
  useEffect(() => {
    const { color, greeting_zh, greeting_en, side, avatar, picture } = look;
    const worn = { color, greeting_zh, greeting_en, side, avatar, picture };
    if (ready > 0) frame.current?.contentWindow?.postMessage(worn, window.location.origin);
  }, [look, ready]);
  return <iframe ref={frame} className={styles.preview} src="/widget-preview" title={t('preview.title')} />;
}
