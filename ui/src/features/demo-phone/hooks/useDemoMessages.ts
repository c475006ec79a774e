import { useEffect, useState } from 'react';
import type { DemoMessage } from '@/shared/api/generated/types.gen';
import { demoMessages } from '../api/account';

const ASK_EVERY_MS = 3000;

/** The codes that a number has got, as its telephone would show them. */
export function useDemoMessages(number: string): readonly DemoMessage[] {
  const [got, setGot] = useState<{ number: string; items: readonly DemoMessage[] }>({ number, items: [] });
  useEffect(() => {
    if (number === '') return undefined;
    const leaving = new AbortController();
    const ask = () => {
      demoMessages(number, leaving.signal).then(
        ({ items }) => setGot({ number, items }),
        // It is asked again soon; the page says by itself when the server is away.
        () => undefined,
      );
    };
    ask();
    const every = setInterval(ask, ASK_EVERY_MS);
    return () => {
      clearInterval(every);
      leaving.abort();
    };
  }, [number]);
  return got.number === number ? got.items : [];
}
