import { useEffect, useEffectEvent } from 'react';

interface CallKeys {
  toggleMute: () => void;
  toggleHold: () => void;
  toggleKeypad: () => void;
  hangUp: () => void;
}

/** Function keys work while typing, too: that is why they are function keys. */
export function useCallKeys(keys: CallKeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = { F4: event.shiftKey ? keys.toggleKeypad : keys.toggleMute, F8: event.shiftKey ? keys.hangUp : keys.toggleHold }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
