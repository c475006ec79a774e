import { EmptyPanel } from '@/design/panels';
import type { Interaction } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatTime } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Transcript.module.css';

const messages = catalogue(zh, en);

/** What a caller heard and pressed before a person answered. */
export function FlowSteps({ journey }: { journey: Interaction['journey'] }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  return (
    <div className={styles.log} role="log" aria-label={t('flow_steps.title')} tabIndex={0}>
      <div className={styles.lines}>
        {journey.length === 0 && <EmptyPanel>{t('flow_steps.empty')}</EmptyPanel>}
        {journey.map((entry, index) => (
          <div key={index} className={styles.line}>
            <time dateTime={entry.at}>{formatTime(entry.at, t.language, zone)}</time>
            <span className={styles.who}>{t('flow_steps.who')}</span>
            <div className={styles.text}>{entry.text}</div>
          </div>
        ))}
      </div>
    </div>
  );
}
