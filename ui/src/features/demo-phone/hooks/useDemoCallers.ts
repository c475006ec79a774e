import { useEffect, useState } from 'react';
import type { DemoCallers } from '@/shared/api/generated/types.gen';
import { demoCallers } from '../api/account';

interface Asked {
  readonly offered: DemoCallers | null;
  readonly error: unknown;
}

const NOTHING: Asked = { offered: null, error: null };

/** Whom one may call as, once the server has said so; `again` asks anew when it could not. */
export function useDemoCallers() {
  const [asked, setAsked] = useState(NOTHING);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    demoCallers(leaving.signal).then(
      (offered) => setAsked({ offered, error: null }),
      (error: unknown) => leaving.signal.aborted || setAsked({ offered: null, error }),
    );
    return () => leaving.abort();
  }, [attempt]);
  const again = () => {
    setAsked(NOTHING);
    setAttempt((before) => before + 1);
  };
  return { ...asked, again };
}
