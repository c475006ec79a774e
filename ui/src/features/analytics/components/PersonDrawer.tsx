import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { Ear } from 'lucide-react';
import type { ReactNode } from 'react';
import { AgentStateMark } from '@/design/AgentState';
import { Dot, MediaIcon, SmallFigure } from '@/design/atoms';
import { Since } from '@/design/Duration';
import { EmptyPanel, ErrorPanel } from '@/design/panels';
import type { AgentShownOnFloor, TeamShown } from '@/shared/api/generated/types.gen';
import { useReasons } from '@/shared/agents/useReasons';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { agentShiftQuery } from '../api/shift';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { shownFigure } from '../model/figures';
import styles from './PersonDrawer.module.css';

const messages = catalogue(zh, en);

interface Props {
  agent: AgentShownOnFloor | null;
  teams: readonly TeamShown[];
  onClose: () => void;
  /** Reads a chat in hand along; null for who may not. */
  onListen: ((interactionId: string) => void) | null;
  actions: (agent: AgentShownOnFloor) => ReactNode;
  /** Why they have a contact. */
  why: (interactionId: string) => ReactNode;
}

/** One agent now: in what, for how long, with whom, and their day so far. */
export function PersonDrawer({ agent, teams, onClose, onListen, actions, why }: Props) {
  return (
    <Drawer title={agent === null ? '' : `${agent.name} ${agent.number}`} open={agent !== null} onClose={onClose} size={440} destroyOnHidden>
      {agent !== null && <Person agent={agent} team={teams.find(({ id }) => id === agent.team)?.name ?? null} onListen={onListen} actions={actions} why={why} />}
    </Drawer>
  );
}

function Person({ agent, team, onListen, actions, why }: Pick<Props, 'onListen' | 'actions' | 'why'> & { agent: AgentShownOnFloor; team: string | null }) {
  const t = useMessages(messages);
  const { nameOf } = useReasons();
  return (
    <>
      <p className="cl-row" style={{ gap: 8, flexWrap: 'wrap' }}>
        <AgentStateMark state={agent.state} strong />
        {agent.state === 'not_ready' && agent.reason !== null && nameOf(agent.reason)}
        <b>
          <Since moment={agent.since} />
        </b>
        {team !== null && (
          <span className="cl-muted">
            <Dot /> {team}
          </span>
        )}
      </p>
      <Day agentId={agent.id} stamp={agent.handled} />
      <h3 className="cl-strong">{t('person.in_hand')}</h3>
      {agent.on.length === 0 ? (
        <EmptyPanel>{t('person.nothing')}</EmptyPanel>
      ) : (
        <ul className={styles.hand}>
          {agent.on.map((item) => (
            <li key={item.interaction_id}>
              <div className="cl-row">
                <MediaIcon media={item.media} />
                <span className="cl-grow cl-ellipsis">{item.queue_name}</span>
                <Since moment={item.since} />
                {onListen !== null && item.media === 'chat' && (
                  <Button size="small" icon={<Ear size={14} aria-hidden />} onClick={() => onListen(item.interaction_id)}>
                    {t('person.listen')}
                  </Button>
                )}
              </div>
              {why(item.interaction_id)}
            </li>
          ))}
        </ul>
      )}
      {actions(agent)}
    </>
  );
}

function Day({ agentId, stamp }: { agentId: string; stamp: number }) {
  const t = useMessages(messages);
  const shift = useQuery(agentShiftQuery(agentId, stamp));
  if (shift.isError && shift.data === undefined) return <ErrorPanel what={t('person.day')} error={shift.error} retry={() => void shift.refetch()} />;
  const day = shift.data;
  const seconds = (value: number | null | undefined) => shownFigure({ value: value ?? null, unit: 's' }).number;
  return (
    <div className={styles.day} aria-label={t('person.day')} role="group">
      <SmallFigure label={t('shift.handled')} value={day?.handled ?? ''} />
      <SmallFigure label={t('shift.handle_time')} value={seconds(day?.avg_handle_s)} />
      <SmallFigure label={t('shift.wrap_up_time')} value={seconds(day?.avg_acw_s)} />
      <SmallFigure label={t('shift.csat')} value={shownFigure({ value: day?.csat ?? null, unit: 'score' }).number} n={day?.csat_n ?? null} />
    </div>
  );
}
