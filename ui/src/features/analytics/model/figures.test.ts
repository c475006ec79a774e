import { expect, test } from 'vitest';
import type { AgentShownOnFloor, QueueShown } from '@/shared/api/generated/types.gen';
import { commonTarget, longestWaiting, namedAlike, queueSeverity, shownFigure, tintedQueue, worstFirst } from './figures';

const queue = (name: string, value: number | null, part: Partial<QueueShown> = {}): QueueShown => ({
  id: name,
  name,
  media: ['voice'],
  waiting: 0,
  asked: 0,
  answered: 0,
  abandoned: 0,
  longest_wait_s: 0,
  lines: [],
  service_level: { value, target: 0.8, seconds: 20, n: 10 },
  agents: {},
  ...part,
});

test.each([
  [{ value: 0.698, unit: 'ratio' }, '69.8', '%'],
  [{ value: 222, unit: 's' }, '3:42', ''],
  [{ value: 4.666, unit: 'score' }, '4.7', ''],
  [{ value: 0, unit: 'count' }, '0', ''],
  [{ value: null, unit: 'ratio' }, '\u2014', ''],
] as const)('%j is shown as %s%s', (figure, number, sign) => {
  expect(shownFigure(figure)).toEqual({ number, sign });
});

test.each([
  [0.8, 'ok'],
  [0.79, 'warn'],
  [0.75, 'warn'],
  [0.749, 'bad'],
  [null, 'none'],
] as const)('service level %s against 80 %% is %s', (value, level) => {
  expect(queueSeverity(queue('q', value))).toBe(level);
});

test('the worst queue comes first, those without a figure last, longest wait first among them', () => {
  const queues = [queue('idle', null), queue('waits', null, { longest_wait_s: 60 }), queue('good', 0.9), queue('broken', 0.5)];
  expect(worstFirst(queues).map((q) => q.name)).toEqual(['broken', 'good', 'waits', 'idle']);
  expect(tintedQueue(queues)).toBe('broken');
  expect(tintedQueue([queue('warned', 0.78)])).toBeNull();
  expect(tintedQueue([])).toBeNull();
});

test('queues with different targets have no common one', () => {
  expect(commonTarget([queue('a', 1), queue('b', 1)])).toEqual({ target: 0.8, seconds: 20 });
  expect(commonTarget([queue('a', 1), queue('b', 1, { service_level: { value: 1, target: 0.85, seconds: 60, n: 1 } })])).toBeNull();
  expect(commonTarget([])).toBeNull();
});

test('the longest wait is of a queue in which somebody waits', () => {
  const queues = [queue('was', 1, { longest_wait_s: 99 }), queue('a', 1, { waiting: 1, longest_wait_s: 5 }), queue('b', 1, { waiting: 2, longest_wait_s: 60 })];
  expect(longestWaiting(queues)).toBe('b');
  expect(longestWaiting([queue('a', 1)])).toBeNull();
});

test('people of one name are told apart, others are not', () => {
  const agents = ['张伟', '李娜', '张伟', '张伟'].map((name) => ({ name }) as AgentShownOnFloor);
  expect([...namedAlike(agents)]).toEqual(['张伟']);
});
