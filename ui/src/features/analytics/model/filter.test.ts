import { expect, test } from 'vitest';
import type { FloorShown } from '@/shared/api/generated/types.gen';
import { filtered, filterFrom, isFiltered } from './filter';

const level = { value: null, target: 0.8, seconds: 20, n: 0 };
const queue = (id: string, media: ('voice' | 'chat')[]) => ({ id, name: id, media, waiting: 0, longest_wait_s: 0, lines: [], service_level: level, asked: 0, answered: 0, abandoned: 0, agents: {} });
const agent = (id: string, more: Partial<FloorShown['agents'][number]>) => ({ id, name: `坐席${id}`, number: id, team: 'day', state: 'ready' as const, since: '2026-03-02T01:00:00Z', reason: null, on: [], handled: 0, avg_handle_s: null, ...more });
const hand = (queue_id: string, media: 'voice' | 'chat') => ({ interaction_id: 'i', media, queue_id, queue_name: queue_id, since: '2026-03-02T01:00:00Z' });

const floor: FloorShown = {
  at: '2026-03-02T01:00:00Z',
  topic: 'floor',
  teams: [],
  queues: [queue('faults', ['voice']), queue('tariff', ['voice', 'chat'])],
  agents: [
    agent('8021', { team: 'night' }),
    agent('8022', { state: 'engaged', on: [hand('tariff', 'chat')] }),
    agent('8023', { state: 'engaged', on: [hand('faults', 'voice')] }),
  ],
  figures: [],
};
const shown = (found: FloorShown) => [found.queues.map(({ id }) => id), found.agents.map(({ id }) => id)];

test('each filter leaves what it says', () => {
  expect(shown(filtered(floor, {}, null))).toEqual([['faults', 'tariff'], ['8021', '8022', '8023']]);
  expect(shown(filtered(floor, { team: 'night' }, null))[1]).toEqual(['8021']);
  expect(shown(filtered(floor, { state: 'engaged' }, null))[1]).toEqual(['8022', '8023']);
  expect(shown(filtered(floor, { q: ' 坐席8022 ' }, null))[1]).toEqual(['8022']);
  expect(shown(filtered(floor, { media: 'chat' }, null))).toEqual([['tariff'], ['8021', '8022']]);
});

test('of a queue those are left who may serve it, and who does', () => {
  expect(shown(filtered(floor, { queue: 'tariff' }, new Set(['8021'])))).toEqual([['tariff'], ['8021', '8022']]);
});

test('an address that makes no sense filters nothing', () => {
  expect(filterFrom({ state: 'dancing', media: 'smoke', queue: 7, team: '', q: {} })).toEqual({});
  expect(isFiltered(filterFrom({ state: 'dancing' }))).toBe(false);
  expect(filterFrom({ state: 'engaged', q: 8021 })).toEqual({ state: 'engaged', q: '8021' });
});
