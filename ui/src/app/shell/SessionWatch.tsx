import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { forgetSession, sessionQuery } from '@/features/identity/api/session';
import { onSignedOut } from '@/shared/http/credentials';
import { useComeBack, useLink } from '@/shared/realtime/RealtimeContext';

/** Back to the sign-in page when the server says over HTTP that the session is over; drafts stay. */
export function SessionWatch() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const link = useLink();
  const comeBack = useComeBack();
  const href = useRouterState({ select: (state) => state.location.href });
  const leave = useEffectEvent(() => {
    forgetSession(queries);
    void navigate({ to: '/sign-in', search: { next: href } });
  });
  useEffect(() => onSignedOut(() => leave()), []);
  useEffect(() => {
    if (link !== 'ended') return;
    let shown = true;
    // The live connection was refused, which alone ends nothing. That the session is over is told as to any request.
    const ask = async () => {
      const session = await queries.query({ ...sessionQuery, staleTime: 0 }).catch(() => undefined);
      if (shown && session !== null) comeBack();
    };
    void ask();
    return () => {
      shown = false;
    };
  }, [link, queries, comeBack]);
  return null;
}
