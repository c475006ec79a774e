import { useEffect, useEffectEvent, type RefObject } from 'react';
import { shortcuts, type ShortcutId } from './shortcuts';

interface Options {
  /** False: listed, with nothing to do at this moment. */
  ready?: boolean;
  /** It is not there at all: for a role that may not, or a part that is not shown. */
  absent?: boolean;
  /** Only while the focus is in here. */
  within?: RefObject<Element | null>;
}

/** Does `run` at the keys of a shortcut and lists it, while the component is shown. */
export function useShortcut(id: ShortcutId, run: () => void, { ready = true, absent = false, within }: Options = {}): void {
  const latest = useEffectEvent(run);
  useEffect(
    () => (absent ? undefined : shortcuts.add({ id, run: () => latest(), ready, within: within ?? null })),
    [id, ready, absent, within],
  );
}
