import { Select } from 'antd';
import { DayInput } from '@/design/DayInput';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { toWallClock } from '@/shared/time/wallClock';
import { messages } from '../messages';
import type { Span } from '../model/span';
import styles from './FlowEditor.module.css';

const KINDS = ['none', 'day', 'week', 'month', 'days'] as const;

/** Whether the graph shows how contacts went, and when. */
export function SpanPicker({ span, usable, onSpan }: { span: Span | null; usable: boolean; onSpan: (span: Span | null) => void }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const today = () => toWallClock(serverNow(), zone).slice(0, 10);
  const choose = (kind: (typeof KINDS)[number]) => onSpan(kind === 'none' ? null : kind === 'days' ? { kind, from: today(), to: today() } : { kind });
  return (
    <span className={styles.span}>
      <Select aria-label={t('traffic')} value={span?.kind ?? 'none'} onChange={choose} options={KINDS.map((value) => ({ value, label: t(`span.${value}`) }))} popupMatchSelectWidth={false} />
      {span?.kind === 'days' && (
        <>
          <label>
            <span className="cl-hidden">{t('span.from')}</span>
            <DayInput day={span.from} onDay={(from) => onSpan({ ...span, from: from ?? '' })} />
          </label>
          <label>
            <span className="cl-hidden">{t('span.to')}</span>
            <DayInput day={span.to} onDay={(to) => onSpan({ ...span, to: to ?? '' })} />
          </label>
          {!usable && <span className="cl-note cl-bad">{t('span.wrong')}</span>}
        </>
      )}
    </span>
  );
}
