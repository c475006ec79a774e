import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PeopleServer } from '@tests/support/people';
import { severalTabs } from '@tests/support/tabs';
import { VisitorSocket } from '@tests/support/visitor';
import { saveDraft } from '../storage/drafts';
import { say as words } from './words';
import type { VisitorChat } from './visitorChat';

let server: PeopleServer;
let tabs: VisitorChat[];
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function openTab(): Promise<VisitorChat> {
  vi.resetModules();
  sessionStorage.clear();
  const page = await import('./visitorChat');
  const tab = new page.VisitorChat({ tenant: 'demo', openSocket: () => new VisitorSocket() as unknown as WebSocket });
  tab.start();
  tabs.push(tab);
  return tab;
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  [server, tabs] = [new PeopleServer(), []];
  vi.stubGlobal('fetch', server.handle);
  severalTabs({ locks: true });
});

afterEach(() => {
  tabs.forEach((tab) => tab.stop());
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const shown = (tab: VisitorChat) => [...tab.getView().messages, ...tab.getView().pending].map(({ text }) => text);
const kept = () => Object.keys(localStorage).filter((key) => key.startsWith('careline.'));

/** A visitor with something said, something unsent and something half typed, in two tabs. */
async function settledIn(): Promise<[VisitorChat, VisitorChat]> {
  const [first, second] = [await openTab(), await openTab()];
  await first.enter({ name: 'A', msisdn: '13800001234' });
  await settle();
  first.say('A 1');
  await settle(6000);
  server.network = 'down';
  second.say('A 2');
  saveDraft('visitor', 'A 3');
  saveDraft('letter.i', { clientId: 'x', text: 'A 4', reach: '13800001234' });
  await settle();
  expect([shown(first), shown(second)]).toEqual([['A 1', 'A 2'], ['A 1', 'A 2']]);
  return [first, second];
}

test('who leaves is known to nobody any more, in no tab, and nothing of them is kept', async () => {
  localStorage.setItem('careline.draft.of.7.note', '{}');
  const [first, second] = await settledIn();
  server.network = 'up';
  await first.leave();
  await settle(180_000);
  expect(server.expired.has('v1')).toBe(true);
  expect(kept(), 'of a desk in the same browser').toEqual(['careline.draft.of.7.note']);
  for (const tab of [first, second]) expect([shown(tab), tab.getView().entered, tab.getView().forgotten]).toEqual([[], false, 0]);
  expect([first.getView().left, second.getView().left]).toEqual(['everywhere', null]);
  expect(server.stored().map(({ text }) => text)).toEqual(['A 1']);
});

test('the next one begins with nothing, and under their own name', async () => {
  const [first, second] = await settledIn();
  server.network = 'up';
  await first.leave();
  second.say('B 1');
  await settle(10_000);
  expect(server.stored()).toEqual([{ person: 'A', text: 'A 1' }, { person: 'nobody', text: 'B 1' }]);
  expect([shown(first), shown(second)]).toEqual([['B 1'], ['B 1']]);
  expect(first.getView().left).toBeNull();
});

test('without a network it all goes from here, and it is said that the centre does not know', async () => {
  const [first, second] = await settledIn();
  await first.leave();
  expect([kept(), first.getView().left, shown(first), shown(second)]).toEqual([[], 'here', [], []]);
});

test('whom the server had forgotten already leaves all the same', async () => {
  const [first] = await settledIn();
  server.network = 'up';
  server.expired.add('v1');
  await first.leave();
  expect([kept(), first.getView().left]).toEqual([[], 'everywhere']);
});

test('an answer that was on its way is shown to nobody, and nobody is made known by it', async () => {
  const tab = await openTab();
  await tab.enter({ name: 'A', msisdn: null });
  server.network = 'slow';
  tab.say('A 1');
  await settle();
  const left = tab.leave();
  await settle();
  server.held.splice(0).forEach((go) => go());
  server.network = 'up';
  await left;
  await settle(180_000);
  expect([shown(tab), tab.getView().entered, server.visitors.size, kept()]).toEqual([[], false, 1, []]);
});

test('nobody is made known for what was asked for before they left and is refused after', async () => {
  const tab = await openTab();
  await tab.enter({ name: 'A', msisdn: null });
  server.network = 'slow';
  // The token is worth nothing by the time it comes.
  server.expired.add('v1');
  const asked = [tab.rate('v1', 5, null), tab.end(), tab.files.link('f1')].map((one) => one.catch(() => 'refused'));
  await settle();
  server.network = 'up';
  await tab.leave();
  server.held.splice(0).forEach((go) => go());
  await settle(180_000);
  expect(await Promise.all(asked)).toEqual(['refused', 'refused', 'refused']);
  expect([server.visitors.size, tab.getView().entered, tab.getView().left, kept()]).toEqual([1, false, 'everywhere', []]);
});

test('the centre hears of it also when the page is closed at once', async () => {
  const tab = await openTab();
  await tab.enter({ name: 'A', msisdn: null });
  const outlive: string[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    if (request.keepalive) outlive.push(new URL(request.url).pathname);
    return server.handle(request);
  });
  await tab.leave();
  expect(outlive).toEqual(['/api/v1/visitor/leave']);
});

test('a centre that fails is not a network that fails', async () => {
  const [first] = await settledIn();
  server.network = 'up';
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ code: 'database-busy', title: 'no', params: {} }, { status: 503, headers: { 'content-type': 'application/problem+json' } })));
  await first.leave();
  expect(first.getView().left).toBe('here');
  expect(words('en', 'gone.here')).not.toMatch(/network/i);
  expect(words('zh-CN', 'gone.here')).not.toContain('网络');
});

test('it is said that nothing is kept when nothing is, not before', async () => {
  vi.resetModules();
  const { keptFiles } = await import('../storage/keptFiles');
  let dropped: () => void = () => undefined;
  vi.spyOn(keptFiles, 'put').mockResolvedValue();
  vi.spyOn(keptFiles, 'sweep').mockResolvedValue();
  vi.spyOn(keptFiles, 'drop').mockImplementation(() => new Promise((resolve) => (dropped = resolve)));
  sessionStorage.clear();
  const page = await import('./visitorChat');
  const tab = new page.VisitorChat({ tenant: 'demo', openSocket: () => new VisitorSocket() as unknown as WebSocket });
  tabs.push(tab);
  tab.start();
  await tab.enter({ name: 'A', msisdn: null });
  server.network = 'down';
  // Goes out after the words, and so not at all.
  tab.say('A 1');
  tab.files.send(new Blob(['photo']), 'photo.jpg');
  await settle(100);
  server.network = 'up';
  const left = tab.leave();
  await settle(1000);
  expect(keptFiles.drop).toHaveBeenCalledTimes(1);
  expect([tab.getView().entered, tab.getView().left]).toEqual([false, null]);
  dropped();
  await left;
  expect(tab.getView().left).toBe('everywhere');
});
