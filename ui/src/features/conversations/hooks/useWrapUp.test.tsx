import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Interaction } from '@/shared/api/generated/types.gen';
import { useWrapUp } from './useWrapUp';

const SAVE = 'PUT /api/v1/interactions/i-1/wrap-up';
let server: FakeServer;

const interaction = (part: Partial<Interaction> = {}): Interaction => ({
  id: 'i-1',
  conversation_id: 'c-1',
  channel: 'voice',
  state: 'after_contact_work',
  opened_at: '2026-01-02T00:00:00Z',
  ended_at: null,
  closed_at: null,
  assurance: 'none',
  customer: null,
  number_masked: null,
  segments: [],
  journey: [],
  write_ups: [],
  transfers: [],
  queue: null,
  agent: null,
  recording: null,
  disposition: { code: 'bill', path: [], note: 'from the server' },
  rating: null,
  acw_deadline: null,
  ...part,
});

function Form({ onFinished }: { onFinished: () => void }) {
  const form = useWrapUp(interaction(), onFinished);
  return (
    <>
      <input aria-label="note" value={form.note} onChange={(event) => form.setNote(event.target.value)} />
      <output>{form.disposition}</output>
      <button onClick={() => form.setDisposition(null)}>clear</button>
      <button onClick={form.finish}>finish</button>
      {form.finishError !== null && <p role="alert">failed</p>}
    </>
  );
}

const note = () => screen.getByRole<HTMLInputElement>('textbox');

beforeEach(() => {
  server = new FakeServer().on(SAVE, () => ({ status: 204 }));
});

test('begins with what the server has, saves a draft a moment after the last key', async () => {
  show(<Form onFinished={() => undefined} />);
  expect(note().value).toBe('from the server');
  for (const value of ['from the server!', 'from the server!?']) fireEvent.change(note(), { target: { value } });
  expect(server.sentTo(SAVE)).toEqual([]);
  await expect.poll(() => server.sentTo(SAVE)).toEqual([{ disposition: 'bill', note: 'from the server!?', draft: true }]);
});

test('what was typed here and did not reach the server is there after a reload', async () => {
  server.disconnect();
  const { unmount } = show(<Form onFinished={() => undefined} />);
  await userEvent.type(note(), ' more');
  unmount();
  show(<Form onFinished={() => undefined} />);
  expect(note().value).toBe('from the server more');
});

test('who turns away in mid-word has what they wrote saved', async () => {
  const { unmount } = show(<Form onFinished={() => undefined} />);
  await userEvent.type(note(), '!');
  unmount();
  await expect.poll(() => server.sentTo(SAVE)).toEqual([{ disposition: 'bill', note: 'from the server!', draft: true }]);
});

test('a code that was taken away does not come back with a reload', async () => {
  const { unmount } = show(<Form onFinished={() => undefined} />);
  expect(screen.getByRole('status').textContent).toBe('bill');
  await userEvent.click(screen.getByRole('button', { name: 'clear' }));
  unmount();
  show(<Form onFinished={() => undefined} />);
  expect(screen.getByRole('status').textContent).toBe('');
});

test('pressed twice, it is finished once', async () => {
  const answer = server.late(SAVE, {});
  const finished = vi.fn();
  show(<Form onFinished={finished} />);
  screen.getByRole('button', { name: 'finish' }).click();
  screen.getByRole('button', { name: 'finish' }).click();
  answer.release();
  await expect.poll(() => finished.mock.calls.length).toBe(1);
  expect(server.sentTo(SAVE)).toHaveLength(1);
});

test('finishing closes once it is stored, and keeps everything when it is not', async () => {
  const finished = vi.fn();
  server.on(SAVE, () => ({ status: 503, body: { code: 'database-busy', title: '' } }));
  show(<Form onFinished={finished} />);
  await userEvent.click(screen.getByRole('button', { name: 'finish' }));
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect([finished.mock.calls.length, note().value]).toEqual([0, 'from the server']);
  server.on(SAVE, () => ({ status: 204 }));
  await userEvent.click(screen.getByRole('button', { name: 'finish' }));
  await expect.poll(() => finished.mock.calls.length).toBe(1);
  expect(server.sentTo(SAVE).at(-1)).toMatchObject({ draft: false });
});
