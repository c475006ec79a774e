import { useEffect, useSyncExternalStore } from 'react';
import { stored } from '@/shared/storage/stored';
import { useStored } from '@/shared/storage/useStored';
import type { Mode } from './theme';

export type ModeChoice = Mode | 'system';

/** Light or dark as chosen here; `system` follows the machine. */
export const modeChoice = stored<ModeChoice>('careline.mode', 'system', (raw) =>
  raw === 'light' || raw === 'dark' || raw === 'system' ? raw : undefined,
);

const prefersDark = () => window.matchMedia('(prefers-color-scheme: dark)');

function useSystemMode(): Mode {
  return useSyncExternalStore(
    (listener) => {
      const query = prefersDark();
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => (prefersDark().matches ? 'dark' : 'light'),
  );
}

/** The mode in force; marks the document with it for the style sheet. */
export function useMode(): Mode {
  const choice = useStored(modeChoice);
  const system = useSystemMode();
  const mode = choice === 'system' ? system : choice;
  useEffect(() => {
    document.documentElement.dataset.theme = mode;
  }, [mode]);
  return mode;
}
