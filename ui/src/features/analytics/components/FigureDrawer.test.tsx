import { screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import type { FigureShown } from '@/shared/api/generated/types.gen';
import { FigureDrawer } from './FigureDrawer';

const EVENTS = 'GET /api/v1/insight/figures/handled_today/events';
const figure = (value: number): FigureShown => ({ code: 'handled_today', value, unit: 'count', n: value, window: 'today' });
const events = (count: number) => ({
  items: Array.from({ length: count }, (_, index) => ({
    position: `${index}`, at: '2026-01-02T00:00:00Z', name: 'x', subject: 's', interaction_id: `interaction-${index}`, contributes: 'handled', value: 1,
  })),
  next: null,
  definition: { text_code: 'x', version: 1 },
});

test('the events are those of the figure that is shown, also when it moves', async () => {
  const server = new FakeServer().on(EVENTS, events(1));
  const { update } = show(<FigureDrawer figure={figure(1)} onClose={() => undefined} />);
  expect(await screen.findAllByRole('listitem')).toHaveLength(1);
  server.on(EVENTS, events(2));
  update(<FigureDrawer figure={figure(2)} onClose={() => undefined} />);
  await expect.poll(() => screen.getAllByRole('listitem').length).toBe(2);
});
