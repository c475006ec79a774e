import { Button, Dropdown, Segmented, type MenuProps } from 'antd';
import { ChevronDown } from 'lucide-react';
import { StateGlyph, stateColor, stateTint, useStateName } from '@/design/AgentState';
import { Since } from '@/design/Duration';
import type { AgentState, Chosen } from '@/shared/api/generated/types.gen';
import { useReasons } from '@/shared/agents/useReasons';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { shownKeys } from '@/shared/keyboard/chord';
import { chordOf } from '@/shared/keyboard/shortcuts';
import { useChooseState } from '../hooks/useChooseState';
import { useWithheld } from '../hooks/useWithheld';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './StateSwitch.module.css';

const messages = catalogue(zh, en);
const CHOICES = ['ready', 'not_ready', 'offline'] as const;

/** The state I am in and since when; opens the choice of states with the reasons of not ready. */
export function StateButton({ state }: { state: AgentState }) {
  const t = useMessages(messages);
  const name = useStateName();
  const choose = useChooseState();
  const { reasons, nameOf } = useReasons();
  const reason = state.state === 'not_ready' && state.reason !== null ? nameOf(state.reason) : null;
  const told = useWithheld()(state);
  const items: MenuProps['items'] = [
    ...told.map(({ because, sentence }) => ({ type: 'group' as const, key: because, label: <span className={styles.withheld}>{sentence}</span> })),
    { key: 'ready', label: <Choice state="ready" text={name('ready')} />, extra: shownKeys(chordOf('ready')) },
    {
      type: 'group',
      label: name('not_ready'),
      children: reasons.map(({ code }) => ({ key: `not_ready/${code}`, label: <Choice state="not_ready" text={nameOf(code)} /> })),
    },
    { key: 'offline', label: <Choice state="offline" text={name('offline')} />, extra: shownKeys(chordOf('offline')) },
  ];
  const onClick: MenuProps['onClick'] = ({ key }) => {
    const [chosen, code] = key.split('/') as [Chosen, string | undefined];
    choose.mutate({ chosen, reason: code ?? null });
  };
  return (
    <Dropdown menu={{ items, onClick }} trigger={['click']}>
      <Button
        className={styles.state}
        style={{ borderColor: stateColor(state.state), background: stateTint(state.state) }}
      >
        <span className="cl-hidden">{t('state.mine')}</span>
        <span className="cl-row cl-strong" style={{ gap: 6, color: stateColor(state.state) }}>
          <StateGlyph state={state.state} />
          {reason ?? name(state.state)}
        </span>
        {/* The offer itself counts down. */}
        {state.state !== 'reserved' && (
          <b>
            <Since moment={state.since} />
          </b>
        )}
        <ChevronDown size={14} aria-hidden />
      </Button>
    </Dropdown>
  );
}

function Choice({ state, text }: { state: Chosen; text: string }) {
  return (
    <span className="cl-row" style={{ gap: 8 }}>
      <StateGlyph state={state} />
      {text}
    </span>
  );
}

/** What I want to be; while a contact is in hand, what I shall be after it. */
export function StateChoice({ state }: { state: AgentState }) {
  const t = useMessages(messages);
  const name = useStateName();
  const choose = useChooseState();
  const { reasons } = useReasons();
  const busy = ['reserved', 'engaged', 'after_contact_work'].includes(state.state);
  return (
    <div className="cl-row" style={{ gap: 8 }}>
      <span className="cl-note cl-muted cl-nowrap">{busy ? t('state.afterwards') : t('state.choose')}</span>
      <Segmented<Chosen>
        size="small"
        aria-label={busy ? t('state.afterwards') : t('state.choose')}
        // Set aside is left by choosing ready again, so that choice has to be open.
        value={Object.values(state.media).some((medium) => medium.state === 'set_aside') ? undefined : state.chosen}
        onChange={(chosen) => choose.mutate({ chosen, reason: chosen === 'not_ready' ? (reasons[0]?.code ?? null) : null })}
        options={CHOICES.map((code) => ({
          value: code,
          label: (
            <span className="cl-row" style={{ gap: 6 }}>
              <StateGlyph state={code} size={12} plain={code !== 'ready'} />
              {name(code)}
            </span>
          ),
        }))}
      />
    </div>
  );
}
