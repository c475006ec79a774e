import { useRef, useState, type RefObject } from 'react';
import { keepOrder } from './keepOrder';

interface HeldOrder<T, E extends HTMLElement> {
  items: readonly T[];
  /** Spread on the element that holds the list. */
  list: {
    ref: RefObject<E | null>;
    onPointerEnter: () => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: () => void;
  };
}

/** Nothing moves under the pointer: while it, or the focus, is in the list its order stands, newcomers come last. */
export function useHeldOrder<T, E extends HTMLElement = HTMLDivElement>(sorted: readonly T[], idOf: (item: T) => string): HeldOrder<T, E> {
  const ref = useRef<E>(null);
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const items = held === null ? sorted : keepOrder(sorted, held, idOf);
  const hold = () => setHeld((current) => current ?? items.map(idOf));
  const release = () => {
    if (ref.current?.matches(':hover') === true || ref.current?.contains(document.activeElement) === true) return;
    setHeld(null);
  };
  return {
    items,
    // The focus has not arrived anywhere yet when it leaves: look a moment later.
    list: { ref, onPointerEnter: hold, onPointerLeave: release, onFocus: hold, onBlur: () => void setTimeout(release) },
  };
}
