import { screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { afterEach, expect, test, vi } from 'vitest';
import { Transcript } from './Transcript';

afterEach(() => vi.unstubAllGlobals());

test('the end stays in view when what stands below takes room from the log', () => {
  const watched: Element[] = [];
  let resized: () => void = () => undefined;
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(tell: () => void) {
        resized = tell;
      }
      observe = (element: Element) => watched.push(element);
      disconnect = () => undefined;
    },
  );
  show(<Transcript messages={[]} pending={[]} uploads={[]} readSeq={0} typing={false} />);
  const log = screen.getByRole('log');
  const moves: unknown[] = [];
  log.scrollTo = (to?: unknown) => void moves.push(to);
  expect(watched).toContain(log);
  Object.defineProperties(log, { scrollHeight: { value: 900 }, clientHeight: { value: 300 } });
  resized();
  expect(moves).toEqual([{ top: 900 }]);
  log.scrollTop = 100;
  log.dispatchEvent(new Event('scroll'));
  resized();
  expect(moves).toHaveLength(1);
});
