import { useQuery } from '@tanstack/react-query';
import { SmallFigure } from '@/design/atoms';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatDuration } from '@/shared/time/format';
import { shiftQuery } from '../api/shift';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);
const NONE = '\u2014';

/** My day in four figures; nothing at all while they are not known. */
export function ShiftFigures() {
  const t = useMessages(messages);
  const shift = useQuery(shiftQuery);
  if (shift.data === undefined) return null;
  const { handled, avg_handle_s, avg_acw_s, csat, csat_n } = shift.data;
  const duration = (seconds: number | null) => (seconds === null ? NONE : formatDuration(seconds));
  return (
    <div className="cl-row" style={{ gap: 20 }}>
      <SmallFigure label={t('shift.handled')} value={handled} />
      <SmallFigure label={t('shift.handle_time')} value={duration(avg_handle_s)} />
      <SmallFigure label={t('shift.wrap_up_time')} value={duration(avg_acw_s)} />
      <SmallFigure label={t('shift.csat')} value={csat === null ? NONE : csat.toFixed(1)} n={csat_n} />
    </div>
  );
}
