import { expect, test } from 'vitest';
import { definitionOf, NOWHERE, said } from './definition';
import { trailOf } from './played';
import { trafficOf } from './traffic';
import { arrowsOf, waysOf } from './ways';

const FLOW = definitionOf({
  start: 'ask',
  safety: 'bye',
  steps: {
    ask: { kind: 'menu', text: {}, choices: { 1: 'person' }, otherwise: 'bye', failed: 'bye' },
    person: { kind: 'enqueue', queue: 'q', next: 'bye', lost: 'bye', overflow: 'ask' },
    bye: { kind: 'hang_up' },
    new: { kind: 'from-tomorrow', next: 'bye', by_mood: { good: 'bye', bad: 'person' }, queue: 'ask', mood: 'good', queues: {} },
  },
});
const labels = (name: string) => waysOf(FLOW.steps[name] ?? { kind: '' }, new Set(Object.keys(FLOW.steps))).map(({ label, to }) => [label, to]);

test('the ways of each kind are those that the server counts by', () => {
  expect(labels('ask')).toEqual([['1', 'person'], ['otherwise', 'bye'], ['failed', 'bye']]);
  expect(labels('person')).toEqual([['next', 'bye'], ['lost', 'bye'], ['overflow', 'ask']]);
  expect(labels('bye')).toEqual([]);
});

test('a kind that nobody knew leads where it names steps', () => {
  expect(labels('new')).toEqual([['next', 'bye'], ['good', 'bye'], ['bad', 'person']]);
});

test('a way that is needed and not there leads nowhere, and is no arrow', () => {
  const flow = definitionOf({ start: 'a', safety: 'a', steps: { a: { kind: 'say' } } });
  expect(waysOf(flow.steps.a ?? { kind: '' }, new Set(['a']))).toEqual([{ label: 'next', to: NOWHERE, field: 'next' }]);
  expect(arrowsOf(flow)).toEqual([]);
});

test.each([null, 3, [], { steps: null }, { steps: { a: null, b: 3, c: [] } }])('what is no flow is shown as far as it goes: %j', (raw) => {
  expect(arrowsOf(definitionOf(raw))).toEqual([]);
});

test('what is said is told in the language of the screen, else in Chinese', () => {
  expect([said({ 'zh-CN': 'a', en: 'b' }, 'en'), said({ 'zh-CN': 'a', en: '' }, 'en'), said({ fr: 'c' }, 'en'), said(null, 'en')]).toEqual(['b', 'a', 'c', '']);
});

const line = (step: string, kind: 'said' | 'asked' | 'answered' | 'way' | 'queued' | 'ended' | 'waits_for', text = '') => ({ step, kind, text });

test('a trial is drawn as the ways it took, in its order', () => {
  const lines = [line('ask', 'asked', 'x'), line('ask', 'answered', '1'), line('ask', 'way', '1'), line('person', 'queued', 'q'), line('person', 'way', 'queued'), line('person', 'waits_for', 'served')];
  const waiting = trailOf({ lines, waits_for: 'served' }, FLOW);
  expect([[...waiting.turns], [...waiting.taken], waiting.at]).toEqual([[['ask', 1], ['person', 2]], ['ask>1'], 'person']);
  const over = trailOf({ lines: [...lines.slice(0, -1), line('person', 'way', 'message'), line('bye', 'way', 'end'), line('bye', 'ended')], waits_for: null }, FLOW);
  expect([...over.taken]).toEqual(['ask>1', 'person>overflow']);
  expect(over.path.map(({ step }) => step)).toEqual(['ask', 'person', 'bye']);
});

test('a step of a flow that was called is drawn as the step that called', () => {
  expect([...trailOf({ lines: [line('person/inside', 'said', 'x'), line('person/inside', 'way', 'next'), line('person', 'way', 'done')], waits_for: null }, FLOW).turns]).toEqual([['person', 1]]);
});

test('how waiting ended counts for the way that was taken then', () => {
  const { ways, steps, most } = trafficOf(
    { steps: [{ step: 'person', reached: 9, left: 2, ways: { queued: 9, done: 3, overflow: 1, message: 1, lost: 2, left: 2 } }, { step: 'bye', reached: 6, left: 0, ways: { end: 6 } }] },
    FLOW,
  );
  expect(Object.fromEntries(ways)).toEqual({ 'person>next': 3, 'person>overflow': 2, 'person>lost': 2 });
  expect([steps.get('person'), most]).toEqual([{ reached: 9, left: 2 }, 3]);
});
