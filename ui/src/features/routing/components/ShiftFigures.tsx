import { SmallFigure } from '@/design/atoms';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatDuration } from '@/shared/time/format';
import type { AgentState } from '../api/agentState';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);
const NONE = '\u2014';

/** How many of each medium I have in hand, of how many I can. */
export function MediaInHand({ state }: { state: AgentState }) {
  const t = useMessages(messages);
  const { voice, chat } = state.media;
  return (
    <div className="cl-row cl-note cl-secondary cl-nowrap" style={{ gap: 12 }}>
      {voice !== undefined && <span>{t.rich('load.voice', { used: <b>{voice.used}</b>, limit: voice.limit })}</span>}
      {chat !== undefined && <span>{t.rich('load.chat', { used: <b>{chat.used}</b>, limit: chat.limit })}</span>}
    </div>
  );
}

export function ShiftFigures({ state: { shift } }: { state: AgentState }) {
  const t = useMessages(messages);
  const duration = (seconds: number | null) => (seconds === null ? NONE : formatDuration(seconds));
  return (
    <div className="cl-row" style={{ gap: 20 }}>
      <SmallFigure label={t('shift.handled')} value={shift.handled} />
      <SmallFigure label={t('shift.handle_time')} value={duration(shift.avg_handle_s)} />
      <SmallFigure label={t('shift.wrap_up_time')} value={duration(shift.avg_acw_s)} />
      <SmallFigure label={t('shift.csat')} value={shift.csat === null ? NONE : shift.csat.toFixed(1)} n={shift.csat_n} />
    </div>
  );
}
