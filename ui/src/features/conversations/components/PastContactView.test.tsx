import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PastContactView } from './PastContactView';

const AT = '2026-01-02T00:00:00Z';
const LINK = 'GET /api/v1/customers/k-1/interactions/i-1/files/f-1/link';
const interaction = {
  id: 'i-1',
  channel: 'webchat',
  queue: null,
  agent: null,
  rating: null,
  opened_at: AT,
  segments: [],
  disposition: null,
  write_ups: [],
  journey: [],
  recording: { id: 'r-1', state: 'done', started_at: AT },
};
const attachment = { id: 'f-1', media_type: 'image/png', size: 10, width: 40, height: 30, duration_ms: null };
const said = (seq: number, part: object) => ({ id: `m-${seq}`, seq, conversation_id: 'c-1', author: 'customer', author_name: null, text: 'red.png', at: AT, attachment: null, kind: 'text', ...part });

let server: FakeServer;
let played: string[];

beforeEach(() => {
  server = new FakeServer().on(LINK, { path: '/files/word', expires_at: '2999-01-01T00:00:00Z' });
  played = [];
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(function play(this: HTMLMediaElement) {
    played.push(new URL(this.src).pathname);
    return Promise.resolve();
  });
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue();
  // What is on the page is in view.
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe: () => void;
      disconnect = () => undefined;
      constructor(tell: (seen: object[]) => void) {
        this.observe = () => tell([{ isIntersecting: true }]);
      }
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const page = (...items: object[]) => server.on('GET /api/v1/customers/k-1/interactions/i-1', { interaction, messages: { items, next: null }, notes: [] });
const view = <PastContactView customerId="k-1" interactionId="i-1" />;

test('a picture is shown and a voice is heard by a link of that contact', async () => {
  page(said(1, { kind: 'picture', attachment }), said(2, { kind: 'voice', attachment: { ...attachment, duration_ms: 2000 } }));
  show(view);
  expect((await screen.findByRole<HTMLImageElement>('img', { name: 'red.png' })).src).toContain('/files/word');
  await userEvent.click(screen.getByRole('button', { name: 'Play' }));
  await expect.poll(() => played).toEqual(['/files/word']);
  expect(server.sentTo(LINK)).toHaveLength(1);
});

test('a recording is there for who may listen, and fetched when it is played', async () => {
  page(said(1, { text: 'hello' }));
  const { unmount } = show(view);
  await screen.findByText('hello');
  expect(screen.queryByText('Recording of the call')).toBeNull();
  unmount();
  show(view, ['recording:listen']);
  await screen.findByText('Recording of the call');
  expect(document.querySelector('audio')?.getAttribute('src')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Play' }));
  await expect.poll(() => played).toEqual(['/api/v1/recordings/r-1/audio']);
});

test('what each agent wrote stands there, also when two have one name', async () => {
  const part = (code: string, note: string) => ({ agent_name: 'Zhang Wei', code, path: [], note });
  const parts = [part('visit', 'came by'), part('solved', 'modem replaced')];
  server.on('GET /api/v1/customers/k-1/interactions/i-1', { interaction: { ...interaction, agent: { id: 'u-2', name: 'Zhang Wei' }, write_ups: parts, disposition: parts[1] }, messages: { items: [], next: null }, notes: [] });
  show(view);
  await screen.findByText('came by');
  expect(screen.getAllByText('modem replaced')).toHaveLength(1);
});
