import { Button } from 'antd';
import { memo, useMemo, useState } from 'react';
import { AGENT_STATES, AgentStateMark, stateTint, useStateName, type AgentStateCode } from '@/design/AgentState';
import { Since } from '@/design/Duration';
import { EmptyPanel } from '@/design/panels';
import { useHeldOrder } from '@/design/useHeldOrder';
import type { AgentShownOnFloor } from '@/shared/api/generated/types.gen';
import { useReasons } from '@/shared/agents/useReasons';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { agentsIn, namedAlike } from '../model/figures';
import styles from './AgentGrid.module.css';

const messages = catalogue(zh, en);
const SHOWN = 20;

interface Props {
  agents: readonly AgentShownOnFloor[];
  /** Whether some are left out because nobody looks for them. */
  filtered: boolean;
  showOffline: boolean;
  onOpen: (id: string) => void;
  onClear: () => void;
}

/** Who is in what state for how long. People who are offline are only counted, unless they are looked for. */
export function AgentGrid({ agents, filtered, showOffline, onOpen, onClear }: Props) {
  const t = useMessages(messages);
  const groups = useMemo(() => AGENT_STATES.map((state) => ({ state, agents: agentsIn(agents, state) })), [agents]);
  const twins = useMemo(() => namedAlike(agents), [agents]);
  const offline = groups.find(({ state }) => state === 'offline')?.agents.length ?? 0;
  const shown = groups.filter(({ state, agents: there }) => there.length > 0 && (showOffline || state !== 'offline'));
  return (
    <section className={styles.people} aria-label={t('agents.title')} tabIndex={0}>
      <header className={styles.head}>
        <h2 className="cl-panel-title">{t('agents.title')}</h2>
        <span className="cl-note cl-muted cl-grow">{t('agents.count', { online: agents.length - offline, offline })}</span>
      </header>
      {shown.map(({ state, agents: there }) => (
        <Group key={state} state={state} agents={there} twins={twins} onOpen={onOpen} />
      ))}
      {shown.length === 0 && (
        <EmptyPanel
          action={
            filtered ? (
              <Button size="small" onClick={onClear}>
                {t('agents.clear')}
              </Button>
            ) : undefined
          }
        >
          {filtered ? t('agents.no_match') : t('agents.none')}
        </EmptyPanel>
      )}
    </section>
  );
}

interface GroupProps {
  state: AgentStateCode;
  agents: readonly AgentShownOnFloor[];
  /** Names that several have. */
  twins: ReadonlySet<string>;
  onOpen: (id: string) => void;
}

function Group({ state, agents, twins, onOpen }: GroupProps) {
  const t = useMessages(messages);
  const [all, setAll] = useState(false);
  const { items, list } = useHeldOrder<AgentShownOnFloor, HTMLUListElement>(agents, ({ id }) => id);
  const shown = all ? items : items.slice(0, SHOWN);
  return (
    <div className={styles.group}>
      <h3>
        <AgentStateMark state={state} strong />
        {t('agents.n', { n: agents.length })}
        <span className="cl-grow" />
        {agents.length > SHOWN && (
          <Button type="link" size="small" onClick={() => setAll(!all)}>
            {all ? t('agents.fewer') : t('agents.more', { n: agents.length - SHOWN })}
          </Button>
        )}
      </h3>
      <ul className={styles.grid} {...list}>
        {shown.map((agent) => (
          <Person key={agent.id} agent={agent} numbered={twins.has(agent.name)} onOpen={onOpen} />
        ))}
      </ul>
    </div>
  );
}

/** Told twice a second, of which most know nothing new; what is out of sight is not painted. */
const Person = memo(function Person({ agent, numbered, onOpen }: { agent: AgentShownOnFloor; numbered: boolean; onOpen: (id: string) => void }) {
  const t = useMessages(messages);
  const state = useStateName();
  const { nameOf } = useReasons();
  const facts = [
    agent.number,
    state(agent.state),
    agent.reason !== null ? nameOf(agent.reason) : null,
    ...agent.on.map(({ media, queue_name }) => [t(`media.${media}`), queue_name].filter(Boolean).join(' ')),
    agent.handled > 0 ? t('agents.handled', { n: agent.handled }) : null,
  ].filter(Boolean);
  return (
    <li className={styles.cell}>
      <button
        type="button"
        className={styles.person}
        style={{ background: stateTint(agent.state) }}
        title={facts.join(t('queues.and'))}
        onClick={() => onOpen(agent.id)}
        aria-haspopup="dialog"
      >
        <b className="cl-ellipsis">
          {agent.name}
          {numbered && ` ${agent.number}`}
        </b>
        <Since moment={agent.since} />
      </button>
    </li>
  );
});
