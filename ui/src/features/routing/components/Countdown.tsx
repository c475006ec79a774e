import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Countdown.module.css';

const messages = catalogue(zh, en);
const RADIUS = 15.5;
const AROUND = 2 * Math.PI * RADIUS;

/** Seconds left, stepping once a second; where motion is unwanted the ring goes and the number stays. */
export function Countdown({ left, whole }: { left: number; whole: number }) {
  const t = useMessages(messages);
  const share = Math.min(1, left / Math.max(1, whole));
  return (
    <svg className={styles.ring} viewBox="0 0 36 36" role="img" aria-label={t('offer.left', { seconds: left })}>
      <circle className={styles.track} cx="18" cy="18" r={RADIUS} />
      <circle className={styles.arc} cx="18" cy="18" r={RADIUS} strokeDasharray={`${share * AROUND} ${AROUND}`} transform="rotate(-90 18 18)" />
      <text x="18" y="22.5" textAnchor="middle" className={styles.number}>
        {left}
      </text>
    </svg>
  );
}
