import { Severity } from '@/design/Severity';
import type { AgentState } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useWithheld } from '../hooks/useWithheld';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);

/** How many of each medium I have in hand, of how many I can; marked while no more of it is offered to me. */
export function MediaInHand({ state }: { state: AgentState }) {
  const t = useMessages(messages);
  const why = useWithheld()(state).map(({ sentence }) => sentence).join('\n');
  return (
    <div className="cl-row cl-note cl-secondary cl-nowrap" style={{ gap: 12 }} title={why === '' ? undefined : why}>
      {(['voice', 'chat', 'message'] as const).map((name) => {
        const medium = state.media[name];
        if (medium === undefined || (name === 'message' && medium.limit === 0)) return null;
        const { used, limit, withheld } = medium;
        return (
          <Severity key={name} level={withheld === 'set_aside' ? 'warn' : 'none'}>
            <span>
              {t.rich(`load.${name}`, { used: <b>{used}</b>, limit })}
              {withheld !== null && withheld !== 'not_ready' && <span className="cl-muted"> {t('load.withheld')}</span>}
            </span>
          </Severity>
        );
      })}
    </div>
  );
}
