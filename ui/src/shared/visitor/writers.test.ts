import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PeopleServer } from '@tests/support/people';
import { severalTabs } from '@tests/support/tabs';
import { VisitorSocket } from '@tests/support/visitor';
import type { VisitorChat } from './visitorChat';

/**
 * Two people at one device, in two tabs of one browser, with tokens that expire, answers that come late and a network
 * that fails, in any order: what one of them wrote is stored under nobody else, and shown to nobody else.
 */

const KEY = 'careline.visitor.demo';
const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);

/** A tab is a page of its own: no two share what a module holds, or the name of the page. */
async function openTab(): Promise<VisitorChat> {
  vi.resetModules();
  sessionStorage.clear();
  const page = await import('./visitorChat');
  const tab = new page.VisitorChat({ tenant: 'demo', openSocket: () => new VisitorSocket() as unknown as WebSocket });
  tab.start();
  return tab;
}

/** What a page listens to ends with it. */
let listening: [string, EventListener][];
const listen = window.addEventListener.bind(window);
const closeAll = () => {
  tabs.splice(0).forEach((tab) => tab.stop());
  listening.splice(0).forEach((one) => window.removeEventListener(...one));
};

let server: PeopleServer;
let tabs: VisitorChat[];
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  server = new PeopleServer();
  [tabs, listening] = [[], []];
  vi.spyOn(window, 'addEventListener').mockImplementation((name: string, heard: EventListenerOrEventListenerObject) => {
    listening.push([name, heard as EventListener]);
    listen(name, heard);
  });
  vi.stubGlobal('fetch', server.handle);
});

afterEach(() => {
  closeAll();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The writer stands in front of each word. */
const writerOf = (text: string) => text.split(' ')[0];
const shown = (tab: VisitorChat) => [...tab.getView().messages, ...tab.getView().pending].map(({ text }) => text);
const rememberedId = (): string | null => (JSON.parse(localStorage.getItem(KEY) ?? 'null') as { visitor_id: string } | null)?.visitor_id ?? null;

function random(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Who is at the device now, and what happened there. */
class Story {
  person = 'A';
  private words = 0;
  switches = 0;

  async introduce(tab: VisitorChat, person: string): Promise<void> {
    // As the page does it: only where nobody is known and nothing waits.
    if (tab.getView().entered || tab.getView().pending.length > 0) return;
    const done = tab.enter({ name: person, msisdn: null }).catch(() => undefined);
    await settle();
    if (server.network === 'slow') release();
    await settle();
    await Promise.race([done, settle(1)]);
    if (tab.getView().entered) this.nowIs(server.personOf(rememberedId() ?? '') ?? person);
  }

  say(tab: VisitorChat): void {
    const { entered, pending } = tab.getView();
    if (entered || pending.length > 0) tab.say(`${this.person} ${++this.words}`);
  }

  /** Somebody comes in a third tab, which is closed again. */
  async elsewhere(person: string): Promise<void> {
    const third = await openTab();
    await this.introduce(third, person);
    third.stop();
  }

  private nowIs(person: string): void {
    if (person !== this.person) this.switches += 1;
    this.person = person;
  }
}

const release = () => server.held.splice(0).forEach((go) => go());

async function step(pick: (below: number) => number, story: Story): Promise<void> {
  const tab = tabs[pick(2)] as VisitorChat;
  const act = pick(14);
  if (act < 4) story.say(tab);
  else if (act === 4) tabs.forEach(() => server.expired.add(rememberedId() ?? ''));
  else if (act === 5) server.network = 'down';
  else if (act === 6) server.network = 'answers lost';
  else if (act === 7) server.network = 'slow';
  else if (act === 8) server.network = 'up';
  else if (act === 9) release();
  else if (act === 10) await settle([400, 5000, 30_000, 130_000][pick(4)]);
  else if (act === 11) await story.introduce(tab, pick(2) === 0 ? 'A' : 'B');
  else if (act === 12) {
    tab.stop();
    tabs[tabs.indexOf(tab)] = await openTab();
  } else if (pick(3) === 0) {
    localStorage.removeItem(KEY);
    await story.elsewhere('B');
  }
  await settle();
}

function check(story: Story): void {
  for (const { person, text } of server.stored()) expect(writerOf(text), `stored under ${person}: ${text}`).toBe(person);
  for (const tab of tabs) for (const text of shown(tab)) expect(writerOf(text), `shown to ${story.person}: ${text}`).toBe(story.person);
}

describe.each([true, false])('with locks: %s', (locks) => {
  test('whatever happens in whatever order, each word is its writer’s alone', async () => {
    severalTabs({ locks });
    const seen = { switches: 0, stored: 0, forgotten: 0 };
    for (const seed of SEEDS) {
      localStorage.clear();
      server = new PeopleServer();
      vi.stubGlobal('fetch', server.handle);
      tabs = [await openTab(), await openTab()];
      const [pick, story] = [random(seed), new Story()];
      await story.introduce(tabs[0] as VisitorChat, 'A');
      for (let n = 0; n < 40; n += 1) {
        await step(pick, story);
        try {
          check(story);
        } catch (error) {
          throw new Error(`seed ${seed}, step ${n}: ${String(error)}`, { cause: error });
        }
      }
      server.network = 'up';
      release();
      await settle(200_000);
      check(story);
      seen.switches += story.switches;
      seen.stored += server.stored().length;
      seen.forgotten += tabs.reduce((sum, tab) => sum + tab.getView().forgotten, 0);
      closeAll();
    }
    // It would say nothing if nobody came after anybody, or nothing waited.
    expect(seen.switches).toBeGreaterThan(5);
    expect(seen.stored).toBeGreaterThan(100);
    expect(seen.forgotten).toBeGreaterThan(3);
  }, 120_000);
});

const introduce = async (tab: VisitorChat, name: string) => {
  await tab.enter({ name, msisdn: null });
  await settle();
};
const becomes = (person: string, visitor: { visitor_id: string; introduced?: true; continues?: string }) => {
  server.visitors.set(visitor.visitor_id, { person, messages: [] });
  localStorage.setItem(KEY, JSON.stringify({ token: visitor.visitor_id, expires_at: '2026-01-09T00:00:00Z', ...visitor }));
};

test('who is forgotten in the middle and cannot be made known again goes on when the network is back', async () => {
  const tab = await openTab();
  await introduce(tab, 'A');
  server.expired.add('v1');
  server.network = 'slow';
  tab.say('A 1');
  await settle();
  server.network = 'down';
  release();
  await settle();
  expect(shown(tab)).toEqual(['A 1']);
  server.network = 'up';
  await settle(10_000);
  expect(server.stored()).toEqual([{ person: 'A', text: 'A 1' }]);
  expect(tab.getView().forgotten).toBe(0);
});

test('once that has lasted a moment the words are gone from the device, and the next visitor begins with nothing', async () => {
  const tab = await openTab();
  await introduce(tab, 'A');
  server.expired.add('v1');
  server.network = 'slow';
  tab.say('A 1');
  await settle();
  server.network = 'down';
  release();
  await settle(180_000);
  expect([shown(tab), tab.getView().entered]).toEqual([[], false]);
  expect(Object.keys(localStorage).filter((key) => key.includes('.outbox.'))).toEqual([]);
  server.network = 'up';
  await introduce(tab, 'B');
  await settle(180_000);
  expect(server.stored()).toEqual([]);
});

test('an answer that belongs to a conversation of before is no part of the one of now, in which the words are said again', async () => {
  severalTabs({ locks: true });
  const tab = await openTab();
  await introduce(tab, 'A');
  server.network = 'slow';
  tab.say('A 1');
  await settle();
  server.network = 'up';
  becomes('A', { visitor_id: 'v2', continues: 'v1' });
  release();
  await settle();
  expect(tab.getView().messages).toEqual([]);
  await settle(10_000);
  expect(tab.getView().messages.map(({ id, text }) => [id, text])).toEqual([['v2 1', 'A 1']]);
  tab.stop();
});

test('what was written without a name is not said for who gives theirs in another tab', async () => {
  severalTabs({ locks: true });
  const [writing, other] = [await openTab(), await openTab()];
  server.network = 'slow';
  const done = other.enter({ name: 'B', msisdn: null });
  await settle();
  // Waits for its turn to be made known, and finds B.
  writing.say('A 1');
  await settle();
  release();
  server.network = 'up';
  await done;
  await settle(180_000);
  expect(server.stored()).toEqual([]);
  expect([shown(writing), shown(other)]).toEqual([[], []]);
  expect(writing.getView().forgotten).toBe(1);
});

test('without locks who is made known again a moment too late does not drive out who has come since', async () => {
  severalTabs({ locks: false });
  const [first, second] = [await openTab(), await openTab()];
  await introduce(first, 'A');
  server.expired.add('v1');
  server.network = 'slow';
  second.say('A 1');
  await settle();
  release();
  await settle();
  server.network = 'up';
  becomes('B', { visitor_id: 'b', introduced: true });
  release();
  await settle(180_000);
  expect(rememberedId()).toBe('b');
  expect(server.stored()).toEqual([]);
  for (const tab of [first, second]) expect(shown(tab)).toEqual([]);
  [first, second].forEach((tab) => tab.stop());
});

test('what one types is theirs after a reload, and not there for the next', async () => {
  const tab = await openTab();
  await introduce(tab, 'A');
  localStorage.setItem('careline.draft.visitor', JSON.stringify({ value: 'A 1', at: Date.now() }));
  tab.stop();
  const reloaded = await openTab();
  await settle();
  expect([reloaded.getView().person, localStorage.getItem('careline.draft.visitor')]).toEqual([0, expect.stringContaining('A 1')]);
  server.expired.add('v1');
  await settle(10_000);
  reloaded.stop();
  const next = await openTab();
  await settle();
  await introduce(next, 'B');
  expect([next.getView().person, localStorage.getItem('careline.draft.visitor')]).toEqual([1, null]);
  next.stop();
});
