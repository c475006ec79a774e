import { useState } from 'react';
import { useSession } from '@/shared/session/session';
import { stored } from '@/shared/storage/stored';
import { useStored } from '@/shared/storage/useStored';
import { withRecent } from '../model/dispositions';

/** The codes that this agent used last, kept in this browser. */
export function useRecentDispositions(): { recent: readonly string[]; remember: (code: string) => void } {
  const { user } = useSession();
  const [store] = useState(() =>
    stored<readonly string[]>(`careline.dispositions.${user.id}`, [], (raw) => (Array.isArray(raw) ? raw.filter((one) => typeof one === 'string') : undefined)),
  );
  return { recent: useStored(store), remember: (code) => store.set(withRecent(code, store.fresh())) };
}
