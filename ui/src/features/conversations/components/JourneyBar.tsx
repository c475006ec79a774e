import type { Segment, SegmentKind } from '@/shared/api/generated/types.gen';
import { formatDuration, secondsSince } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { stateColor } from '@/design/AgentState';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './JourneyBar.module.css';

const messages = catalogue(zh, en);

const colors: Record<SegmentKind, string> = {
  flow: 'var(--ant-color-fill)',
  queue: stateColor('reserved'),
  ring: stateColor('reserved'),
  talk: stateColor('engaged'),
  hold: 'var(--cl-warning-solid)',
  wrap_up: stateColor('after_contact_work'),
};

const MOST_NAMED = 7;

/** How the contact came here: a stretch for each segment, as wide as it was long (and wide enough to be read). */
export function JourneyBar({ segments }: { segments: readonly Segment[] }) {
  const t = useMessages(messages);
  const now = useNow();
  if (segments.length === 0) return null;
  return (
    <ol className={styles.journey} data-many={segments.length > MOST_NAMED} aria-label={t('journey.title')}>
      {segments.map((segment) => {
        const end = segment.ended_at === null ? now : Date.parse(segment.ended_at);
        const seconds = secondsSince(segment.started_at, end);
        return (
          <li key={`${segment.kind} ${segment.started_at}`} title={`${t(`segment.${segment.kind}`)} ${formatDuration(seconds)}`} style={{ flexGrow: Math.max(1, seconds) }}>
            <span className={styles.stretch} style={{ background: colors[segment.kind] }} />
            <span className={styles.label}>
              {t(`segment.${segment.kind}`)} {formatDuration(seconds)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
