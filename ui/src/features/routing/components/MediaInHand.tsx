import { Severity } from '@/design/Severity';
import type { AgentState } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);

/** How many of each medium I have in hand, of how many I can; marked while no more of it is offered to me. */
export function MediaInHand({ state }: { state: AgentState }) {
  const t = useMessages(messages);
  const { voice, chat } = state.media;
  return (
    <div className="cl-row cl-note cl-secondary cl-nowrap" style={{ gap: 12 }}>
      {voice !== undefined && (
        <Severity level={voice.state === 'set_aside' ? 'warn' : 'none'}>
          <span title={voice.state === 'set_aside' ? t('load.set_aside') : undefined}>
            {t.rich('load.voice', { used: <b>{voice.used}</b>, limit: voice.limit })}
          </span>
        </Severity>
      )}
      {chat !== undefined && (
        <Severity level={chat.state === 'set_aside' ? 'warn' : 'none'}>
          <span title={chat.state === 'set_aside' ? t('load.set_aside') : undefined}>
            {t.rich('load.chat', { used: <b>{chat.used}</b>, limit: chat.limit })}
          </span>
        </Severity>
      )}
    </div>
  );
}
