import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Monitor } from 'lucide-react';
import { useCallback } from 'react';
import { Dot } from '@/design/atoms';
import { FloorPage, type FloorOpen } from '@/features/analytics/components/FloorPage';
import { LiveBadge } from '@/features/analytics/components/LiveBadge';
import type { FloorFilter } from '@/features/analytics/model/filter';
import { WatchedChat } from '@/features/conversations/components/WatchedChat';
import { AgentActions } from '@/features/supervision/components/AgentActions';
import { ContactWhy } from '@/features/supervision/components/ContactWhy';
import { ListenDrawer } from '@/features/supervision/components/ListenDrawer';
import { WaitingDrawer } from '@/features/supervision/components/WaitingDrawer';
import type { AgentShownOnFloor, QueueShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay, useSession } from '@/shared/session/session';
import { formatDay, formatTimeOfDay } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

const CLOSED: FloorOpen = { figure: undefined, agent: undefined, waiting: undefined, listen: undefined };

export function Floor() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/floor' });
  const { figure, agent, waiting, listen, ...filter } = useSearch({ from: '/signed-in/floor' });
  const { tenant, user, agent: ownDesk } = useSession();
  const may = useMay();
  const onFilter = useCallback(
    ({ queue, team, state, media, q }: FloorFilter) => void navigate({ search: (now) => ({ ...now, queue, team, state, media, q }), replace: true }),
    [navigate],
  );
  const onOpen = useCallback((open: FloorOpen) => void navigate({ search: (now) => ({ ...now, ...CLOSED, ...open }) }), [navigate]);
  const actions = (shown: AgentShownOnFloor) =>
    may('floor:direct') && shown.id !== user.id && <AgentActions key={shown.id} agent={{ id: shown.id, name: shown.name, inHand: shown.on.length }} />;
  const waits = (queue: QueueShown | null, queues: readonly QueueShown[]) => (
    <WaitingDrawer queue={queue} queues={queues} stamp={`${queue?.waiting ?? 0} ${Math.floor(queue?.longest_wait_s ?? 0)}`} onClose={() => onOpen({})} />
  );
  const listening = (interactionId: string | null, by: AgentShownOnFloor | null) => (
    <ListenDrawer
      interactionId={interactionId}
      title={by?.name ?? ''}
      mayTakeOver={ownDesk !== null}
      onClose={() => onOpen({})}
      chat={(watched) => <WatchedChat watched={watched} />}
    />
  );
  return (
    <>
      <PageTop title={t('nav.floor')}>
        <span className="cl-note cl-muted cl-ellipsis">
          {tenant.name}
          <Dot />
          <NowHere />
        </span>
        <LiveBadge />
        <span className="cl-grow" />
        {may('wall:view') && (
          <Link to="/floor/wall" className="cl-row cl-nowrap" style={{ gap: 6 }}>
            <Monitor size={16} aria-hidden />
            {t('nav.wall')}
          </Link>
        )}
      </PageTop>
      <FloorPage filter={filter} onFilter={onFilter} open={{ figure, agent, waiting, listen }} onOpen={onOpen} actions={actions} why={(interactionId) => <ContactWhy interactionId={interactionId} />} waiting={waits} listening={may('floor:listen') ? listening : null} />
    </>
  );
}

function NowHere() {
  const { language } = useMessages(messages);
  const zone = useTimeZone();
  const now = useNow();
  return `${formatDay(now, language, zone)} ${formatTimeOfDay(now, language, zone)}`;
}
