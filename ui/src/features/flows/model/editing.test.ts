import { madeUp, SEEDS } from '@tests/support/madeUp';
import { madeUpFlow } from '@tests/support/flows';
import { expect, test } from 'vitest';
import { definitionOf, NOWHERE } from './definition';
import { addStep, changeStep, freeName, lead, mayGo, removeStep, withField, withoutKey, type Work } from './editing';
import { FIELDS, newStep } from './fields';
import { flowFile } from './file';
import { begun, did, redone, undone, type History } from './history';
import { KINDS, type KnownKind } from './kinds';
import { merged } from './merging';
import { SHAPES, waysOf } from './ways';

const ALL = Object.keys(KINDS) as KnownKind[];
const work = (seed: number): Work => ({ definition: madeUpFlow(seed), drawing: { s0: { x: 1, y: 2 } } });
const FIRST = { queues: 'q', calendars: 'c', connections: 'b', flows: 'f' };

/** Something that an administrator may do. */
function anything(one: Work, below: (n: number) => number): Work {
  const names = Object.keys(one.definition.steps);
  const any = names[below(names.length)] ?? '';
  const step = one.definition.steps[any];
  switch (below(4)) {
    case 0: {
      const kind = ALL[below(ALL.length)] ?? 'say';
      return addStep(one, freeName(one.definition, kind), newStep(kind, FIRST), any);
    }
    case 1:
      return removeStep(one, any);
    case 2: {
      const ways = step === undefined ? [] : waysOf(step, new Set(names));
      const way = ways[below(Math.max(1, ways.length))];
      return way === undefined ? one : changeStep(one, any, (it) => lead(it, way, below(3) === 0 ? null : (names[below(names.length)] ?? null)));
    }
    default:
      return changeStep(one, any, (it) => withField(it, 'title', below(2) === 0 ? undefined : { 'zh-CN': 'x' }));
  }
}

test.each(SEEDS)('whatever is done can be undone and done again (%i)', (seed) => {
  const below = madeUp(seed);
  const first = work(seed);
  const seen: Work[] = [first];
  let history: History<Work> = begun(first);
  for (let n = 0; n < 30; n += 1) {
    const next = anything(history.now, below);
    if (next !== history.now) seen.push(next);
    history = did(history, next);
    expect(Object.hasOwn(next.definition.steps, next.definition.safety)).toBe(true);
    const names = new Set(Object.keys(next.definition.steps));
    // Nothing that was taken away is still led to: only what led nowhere before does.
    for (const step of Object.values(next.definition.steps)) for (const { to } of waysOf(step, names)) expect(names.has(to) || to === NOWHERE || to === 'gone').toBe(true);
  }
  for (const was of seen.toReversed().slice(1)) expect((history = undone(history)).now).toBe(was);
  expect(undone(history)).toBe(history);
  for (const was of seen.slice(1)) expect((history = redone(history)).now).toBe(was);
  expect(redone(history)).toBe(history);
});

test('what is typed into one field is undone at once', () => {
  const typed = ['a', 'ab', 'abc'].reduce((history, words) => did(history, words, 'say/text'), begun('-'));
  expect(undone(typed).now).toBe('-');
  expect(undone(did(typed, 'x', 'say/title')).now).toBe('abc');
  expect(did(undone(typed), 'other').future).toEqual([]);
});

test.each(ALL)('a new step of the kind %s has what it needs, with its ways open', (kind) => {
  const step = newStep(kind, FIRST);
  const open = waysOf(step, new Set(['a']));
  expect(open.map(({ to }) => to)).toEqual(open.map(() => NOWHERE));
  for (const way of SHAPES[kind]?.needed ?? []) expect(step[way]).toBe(NOWHERE);
  for (const field of FIELDS[kind]) if (field.as === 'words' && field.may === undefined) expect(step[field.name]).toEqual({});
});

test('a step that is taken away leaves needed ways open, and takes the others with it', () => {
  const flow: Work = {
    definition: definitionOf({ start: 'a', safety: 'b', steps: { a: { kind: 'enqueue', queue: 'q', next: 'c', lost: 'b', overflow: 'c', failed: 'c' }, b: { kind: 'hang_up' }, c: { kind: 'hang_up' } } }),
    drawing: { c: { x: 1, y: 1 } },
  };
  expect(removeStep(flow, 'c')).toEqual({ definition: { start: 'a', safety: 'b', steps: { a: { kind: 'enqueue', queue: 'q', next: NOWHERE, lost: 'b' }, b: { kind: 'hang_up' } } }, drawing: {} });
  expect([mayGo(flow.definition, 'a'), mayGo(flow.definition, 'b'), mayGo(flow.definition, 'c')]).toEqual([false, false, true]);
  expect(removeStep(flow, 'a')).toBe(flow);
});

test('a new step is led to by the first open way of the one it comes after', () => {
  const flow: Work = { definition: definitionOf({ start: 'a', safety: 'a', steps: { a: { kind: 'menu', text: {}, choices: { 1: 'a', 2: NOWHERE }, otherwise: NOWHERE } } }), drawing: {} };
  expect(addStep(flow, 'b', { kind: 'hang_up' }, 'a').definition.steps.a).toEqual({ kind: 'menu', text: {}, choices: { 1: 'a', 2: 'b' }, otherwise: NOWHERE });
  expect(withoutKey(flow.definition.steps.a ?? { kind: '' }, 'choices', '2').choices).toEqual({ 1: 'a' });
});

test.each(SEEDS)('two who changed different steps lose nothing when put together (%i)', (seed) => {
  const base = madeUpFlow(seed).steps;
  const flow = { start: 's0', safety: 's0', steps: base };
  const names = Object.keys(base);
  const below = madeUp(seed + 1000);
  const ours = new Set(names.filter(() => below(2) === 0));
  const touched = (which: (name: string) => boolean, by: string) => ({ ...flow, steps: Object.fromEntries(names.map((name) => [name, which(name) ? { ...(base[name] ?? { kind: '' }), by } : (base[name] ?? { kind: '' })])) });
  const { definition, both } = merged(flow, touched((name) => ours.has(name), 'me'), touched((name) => !ours.has(name), 'them'));
  expect(both).toEqual([]);
  expect(Object.fromEntries(names.map((name) => [name, definition.steps[name]?.by]))).toEqual(Object.fromEntries(names.map((name) => [name, ours.has(name) ? 'me' : 'them'])));
});

test('what both changed is mine and is named; what one took away is gone, unless the other changed it', () => {
  const step = (text: string) => ({ kind: 'say', text });
  const flow = (start: string, steps: Record<string, { kind: string; text: string }>) => ({ start, safety: 'a', steps });
  const base = flow('a', { a: step('0'), b: step('0'), c: step('0') });
  const { definition, both } = merged(base, flow('b', { a: step('me'), b: step('me') }), flow('c', { a: step('them'), c: step('0'), d: step('them') }));
  expect([definition.start, definition.steps, both]).toEqual(['b', { a: step('me'), b: step('me'), d: step('them') }, ['a', 'b', 'start']]);
});

test.each(['', 'x', '[]', '{}', '{"format":"careline-flow-1","code":"a","name":"b"}', '{"format":"other","code":"a","name":"b","definition":{}}'])('no file of a flow: %s', (text) => {
  expect(flowFile(text)).toBeNull();
});

test('a file of a flow is read', () => {
  expect(flowFile('{"format":"careline-flow-1","code":"a","name":"b","version":3,"definition":{},"drawing":null,"more":1}')).toEqual({ format: 'careline-flow-1', code: 'a', name: 'b', version: 3, definition: {}, drawing: null });
});
