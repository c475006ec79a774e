import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Wall as WallOfFloor } from '@/features/analytics/components/Wall';
import { sessionQuery } from '@/features/identity/api/session';
import { onSignedOut } from '@/shared/http/credentials';
import { useMessages } from '@/shared/i18n/useMessages';
import { useQuery } from '@tanstack/react-query';
import { RealtimeClient, realtimeUrl } from '@/shared/realtime/client';
import { RealtimeContext, useLink } from '@/shared/realtime/RealtimeContext';
import { SessionContext } from '@/shared/session/session';
import { messages } from '../messages';

/** The wall has no frame around it, and stays on the screen when its session ends. */
export function Wall() {
  const t = useMessages(messages);
  const session = useQuery({ ...sessionQuery, enabled: false });
  // Who it was stays known here after the session is over: the figures stand still, and say so.
  const [kept] = useState(session.data);
  const [realtime] = useState(() => new RealtimeClient({ url: realtimeUrl() }));
  useEffect(() => {
    realtime.start();
    return () => realtime.stop();
  }, [realtime]);
  if (kept === undefined || kept === null) return null;
  return (
    <SessionContext value={kept}>
      <RealtimeContext value={realtime}>
        <title>{`${t('nav.wall')} · Careline`}</title>
        <OnTheWall />
      </RealtimeContext>
    </SessionContext>
  );
}

function OnTheWall() {
  const navigate = useNavigate({ from: '/floor/wall' });
  const { queues, mode } = useSearch({ from: '/for-screens/floor/wall' });
  const link = useLink();
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => onSignedOut(() => setSignedOut(true)), []);
  // Somebody has signed in again in another tab.
  if (signedOut && link === 'online') setSignedOut(false);
  return (
    <WallOfFloor
      choice={{ queues: queues?.split(',') ?? [], mode: mode ?? 'dark' }}
      onChoice={(choice) =>
        void navigate({
          search: {
            ...(choice.queues.length > 0 ? { queues: choice.queues.join(',') } : {}),
            ...(choice.mode === 'light' ? { mode: 'light' as const } : {}),
          },
          replace: true,
        })
      }
      signedOut={signedOut}
      onSignIn={() => window.location.reload()}
      onLeave={() => void navigate({ to: '/' })}
    />
  );
}
