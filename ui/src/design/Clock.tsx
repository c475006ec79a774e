import { Timer } from 'lucide-react';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatDuration, formatTimeOfDay } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { useTimeZone } from '@/shared/time/useTimeZone';
import styles from './Clock.module.css';
import { BrokenGlyph, WarningGlyph } from './glyphs';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

const messages = catalogue(zh, en);
const SOON = 0.75;

/** What is left until a deadline, how much of what was allowed is used, and the moment it ends. */
export function Clock({ startedAt, deadline, label }: { startedAt: string; deadline: string; label: string }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const now = useNow();
  const allowed = Math.max(1, (Date.parse(deadline) - Date.parse(startedAt)) / 1000);
  // `now` is cut to the second already.
  const left = Math.floor((Date.parse(deadline) - now) / 1000);
  const used = allowed - left;
  const tone = left < 0 ? 'bad' : used / allowed > SOON ? 'warn' : 'accent';
  const Mark = { bad: BrokenGlyph, warn: WarningGlyph, accent: null }[tone];
  return (
    <div className={styles.clock} role="timer" aria-label={label}>
      <span className={`cl-${tone} cl-row`} style={{ gap: 4 }}>
        {Mark === null ? <Timer size={14} aria-hidden /> : <Mark size={12} />}
        <span className="cl-note">{label}</span>
        <b className={tone === 'accent' ? styles.plain : undefined}>{formatDuration(left)}</b>
      </span>
      <span className={styles.bar}>
        <span className={styles[tone]} style={{ inlineSize: `${Math.min(100, Math.max(0, (used / allowed) * 100))}%` }} />
      </span>
      <span className={`cl-note cl-muted ${styles.rest}`}>
        {t('clock.of', { used: formatDuration(used), allowed: formatDuration(allowed), until: formatTimeOfDay(deadline, t.language, zone) })}
      </span>
    </div>
  );
}
