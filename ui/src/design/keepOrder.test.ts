import { expect, test } from 'vitest';
import { keepOrder } from './keepOrder';

test('what is shown stays in its place, newcomers come last in their own order, the gone are gone', () => {
  const same = (id: string) => id;
  expect(keepOrder(['call', 'chat', 'longer', 'idle'], ['idle', 'gone', 'longer'], same)).toEqual(['idle', 'longer', 'call', 'chat']);
});
