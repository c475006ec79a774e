import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test } from 'vitest';
import type { LeftMessage as Left } from '@/shared/api/generated/types.gen';
import { LeftMessage } from './LeftMessage';

const STRIKE = '<img src=x onerror=struck=1> [here](javascript:struck=1) \u202egnp.exe';
const left: Left = {
  case_id: 'c-1', number: 'GD20260102-0001', text: STRIKE, language: 'zh-CN', reach_kind: 'phone', reach_masked: '138****6021', because: 'closed', queue: 'Tariffs',
  opens_at: '2026-01-03T01:00:00Z', left_at: '2026-01-02T14:00:00Z', consent: '<b>yes</b>', put_off: null,
};

let server: FakeServer;
const of = { interactionId: 'i-1' };
const link = (id: string, number: string) => <a href={`/cases/${id}`}>{number}</a>;

beforeEach(() => {
  server = new FakeServer().on('GET /api/v1/interactions/i-1/left-message', left).on('POST /api/v1/interactions/i-1/left-message/reveal', { value: '13812346021' });
});

test('what was left stands there word for word and does nothing', async () => {
  const { container } = show(<LeftMessage of={of} caseLink={link} />);
  expect(await screen.findByText(STRIKE)).toBeTruthy();
  expect(screen.getByText(/<b>yes<\/b>/)).toBeTruthy();
  expect(container.querySelectorAll('img, b, a:not([href^="/cases/"])')).toHaveLength(0);
  expect(screen.getByRole('link', { name: left.number }).getAttribute('href')).toBe('/cases/c-1');
});

test('the number is shown to whom that is permitted, on demand', async () => {
  const { unmount } = show(<LeftMessage of={of} />);
  expect(await screen.findByText('138****6021')).toBeTruthy();
  expect(screen.queryByText(STRIKE), 'its case shows the words').toBeNull();
  expect(screen.queryByRole('button')).toBeNull();
  unmount();
  show(<LeftMessage of={of} />, ['customer:reveal']);
  await userEvent.click(await screen.findByRole('button', { name: /Show/ }));
  expect(await screen.findByText('13812346021')).toBeTruthy();
  expect(server.sentTo('POST /api/v1/interactions/i-1/left-message/reveal')).toHaveLength(1);
});

test('says that the number was removed in time, that nothing was left, or that it could not be read', async () => {
  server.on('GET /api/v1/interactions/i-1/left-message', { ...left, reach_masked: null, opens_at: null, because: 'busy' });
  const removed = show(<LeftMessage of={of} />);
  expect(await screen.findByText(/removed in time/)).toBeTruthy();
  expect(screen.getByText(/nobody was free/)).toBeTruthy();
  expect(screen.getByText(/as soon as possible/)).toBeTruthy();
  removed.unmount();
  let tries = 0;
  server.on('GET /api/v1/interactions/i-1/left-message', () => (++tries === 1 ? { status: 403, body: { code: 'permission-missing', title: 'no' } } : { body: left }));
  show(<LeftMessage of={of} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Retry' }));
  expect(await screen.findByText('138****6021')).toBeTruthy();
});
