import { Button, Input, Tooltip } from 'antd';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { AGENT_STATES, AgentStateMark, stateTint, type AgentStateCode } from '@/design/AgentState';
import { Since } from '@/design/Duration';
import { EmptyPanel } from '@/design/panels';
import type { AgentShownOnFloor, FloorShown } from '@/shared/api/generated/types.gen';
import { catalogue, knows } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { agentsIn } from '../model/figures';
import styles from './AgentGrid.module.css';

const messages = catalogue(zh, en);
const SHOWN = 20;
const GROUPS = AGENT_STATES.filter((state) => state !== 'offline');

/** Who is in what state for how long. People who are offline are only counted. */
export function AgentGrid({ floor }: { floor: FloorShown }) {
  const t = useMessages(messages);
  const [looked, setLooked] = useState('');
  const offline = floor.agents.filter(({ state }) => state === 'offline').length;
  const found = GROUPS.some((state) => agentsIn(floor, state, looked).length > 0);
  return (
    <section className={styles.people} aria-label={t('agents.title')}>
      <header className={styles.head}>
        <h2 className="cl-panel-title">{t('agents.title')}</h2>
        <span className="cl-note cl-muted cl-grow">{t('agents.count', { online: floor.agents.length - offline, offline })}</span>
        <Input
          size="small"
          aria-label={t('agents.search')}
          placeholder={t('agents.search')}
          prefix={<Search size={14} aria-hidden />}
          value={looked}
          onChange={(event) => setLooked(event.target.value)}
          allowClear
          style={{ inlineSize: 160 }}
        />
      </header>
      {GROUPS.map((state) => (
        <Group key={state} state={state} agents={agentsIn(floor, state, looked)} />
      ))}
      {!found && (
        <EmptyPanel
          action={
            looked === '' ? undefined : (
              <Button size="small" onClick={() => setLooked('')}>
                {t('agents.clear')}
              </Button>
            )
          }
        >
          {looked === '' ? t('agents.none') : t('agents.no_match', { looked })}
        </EmptyPanel>
      )}
    </section>
  );
}

function Group({ state, agents }: { state: AgentStateCode; agents: readonly AgentShownOnFloor[] }) {
  const t = useMessages(messages);
  const [all, setAll] = useState(false);
  if (agents.length === 0) return null;
  const shown = all ? agents : agents.slice(0, SHOWN);
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
      <ul className={styles.grid}>
        {shown.map((agent) => (
          <Person key={agent.id} agent={agent} />
        ))}
      </ul>
    </div>
  );
}

function Person({ agent }: { agent: AgentShownOnFloor }) {
  const t = useMessages(messages);
  const reason = `reason.${agent.reason ?? ''}`;
  const facts = [
    agent.number,
    agent.reason !== null ? (knows(messages, reason) ? t(reason) : agent.reason) : null,
    ...agent.on.map(({ media, queue_name }) => [t(`media.${media}`), queue_name].filter(Boolean).join(' ')),
  ].filter(Boolean);
  return (
    <Tooltip title={facts.join(t('queues.and'))}>
      <li className={styles.person} style={{ background: stateTint(agent.state) }} tabIndex={0}>
        <b className="cl-ellipsis">{agent.name}</b>
        <Since moment={agent.since} />
      </li>
    </Tooltip>
  );
}
