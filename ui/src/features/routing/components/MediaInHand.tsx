import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import type { AgentState } from '../api/agentState';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);

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
