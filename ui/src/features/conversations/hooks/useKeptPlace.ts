import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

const NEAR_END_PX = 80;

interface Place {
  /** The first line in view and how far its top is above the edge; null at the end. */
  line: { name: string; above: number } | null;
  /** Up to here it was seen. */
  seen: number;
}

/** Where each conversation was left, for as long as the page is open. */
const places = new Map<string, Place>();

export interface KeptPlace {
  log: RefObject<HTMLDivElement | null>;
  lines: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  /** The last that was seen; what came after it while one read above is new. */
  seen: number;
  onScroll: () => void;
  toEnd: () => void;
}

/**
 * Keeps a log where one reads: at its end, whatever comes or grows; or at the line in view, whatever is put before it,
 * comes behind it or gets a picture, and also when one comes back to it. Lines that can be kept carry `data-line`.
 * `own` counts what I am sending: who writes wants to see it.
 */
export function useKeptPlace(name: string, last: number, own: number): KeptPlace {
  const log = useRef<HTMLDivElement>(null);
  const lines = useRef<HTMLDivElement>(null);
  const [left] = useState<Place>(() => places.get(name) ?? { line: null, seen: last });
  const [atEnd, setAtEnd] = useState(left.line === null);
  const [seen, setSeen] = useState(left.line === null ? last : left.seen);
  const shownSeen = atEnd ? Math.max(last, seen) : seen;
  const place = useRef<Place['line']>(left.line);
  const before = useRef(own);

  if (atEnd && seen < last) setSeen(last);

  const settle = () => {
    if (log.current === null) return;
    if (place.current === null) {
      log.current.scrollTop = log.current.scrollHeight;
      return;
    }
    const line = lines.current?.querySelector<HTMLElement>(`[data-line="${place.current.name}"]`);
    if (line === null || line === undefined) return;
    const top = topWithin(line, log.current) + place.current.above;
    if (Math.abs(log.current.scrollTop - top) >= 1) log.current.scrollTop = top;
  };
  const keep = () => places.set(name, { line: place.current, seen: shownSeen });

  useLayoutEffect(() => {
    settle();
    const change = new ResizeObserver(settle);
    if (log.current !== null) change.observe(log.current);
    if (lines.current !== null) change.observe(lines.current);
    return () => change.disconnect();
  }, []);
  useLayoutEffect(() => {
    keep();
  });

  const toEnd = () => {
    place.current = null;
    setAtEnd(true);
    settle();
  };
  useLayoutEffect(() => {
    if (own > before.current) toEnd();
    before.current = own;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what I send moves it
  }, [own]);

  const onScroll = () => {
    const element = log.current;
    if (element === null || lines.current === null) return;
    const end = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    place.current = end ? null : firstInView(lines.current, element);
    setAtEnd(end);
    keep();
  };
  return { log, lines, atEnd, seen: shownSeen, onScroll, toEnd };
}

const topWithin = (line: HTMLElement, log: HTMLElement) => line.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop;

function firstInView(lines: HTMLElement, log: HTMLElement): Place['line'] {
  const edge = log.getBoundingClientRect().top;
  for (const line of lines.querySelectorAll<HTMLElement>('[data-line]')) {
    const box = line.getBoundingClientRect();
    if (box.bottom > edge) return { name: line.dataset.line ?? '', above: edge - box.top };
  }
  return null;
}
