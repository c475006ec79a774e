import { useEffect } from 'react';

interface Keys {
  save: (() => void) | null;
  undo: (() => void) | null;
  redo: (() => void) | null;
}

const writes = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Ctrl+S keeps, Ctrl+Z undoes, Ctrl+Shift+Z does again. In a field undoing is the field's own. */
export function useKeys({ save, undo, redo }: Keys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const act = key === 's' ? save : writes(event.target) ? undefined : key === 'z' && !event.shiftKey ? undo : key === 'y' || (key === 'z' && event.shiftKey) ? redo : undefined;
      if (act === undefined) return;
      event.preventDefault();
      act?.();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [save, undo, redo]);
}
