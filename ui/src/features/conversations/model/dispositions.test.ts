import { expect, test } from 'vitest';
import type { Disposition } from '@/shared/api/generated/types.gen';
import { choices, fits, moved, wayTo, withRecent } from './dispositions';

const code = (code: string, parent: string | null, more: Partial<Disposition> = {}): Disposition => ({
  code,
  parent,
  name: code,
  name_en: code,
  queue_ids: [],
  retired: false,
  version: 1,
  ...more,
});

const TREE = [
  code('fault', null, { name: '报障', name_en: 'Fault', queue_ids: ['broadband'] }),
  code('fault-slow', 'fault', { name: '网速慢', name_en: 'Slow' }),
  code('fault-gone', 'fault', { name: '断网', retired: true }),
  code('complaint', null, { name: '投诉', name_en: 'Complaint' }),
  code('complaint-fee', 'complaint', { name: '费用争议', name_en: 'Charges' }),
  code('complaint-fee-refunded', 'complaint-fee', { name: '已退费', name_en: 'Refunded' }),
  code('empty', null, { retired: true }),
  code('empty-one', 'empty'),
];

const offered = (queueId: string | null) => choices(TREE, queueId).map((one) => one.code);

test('only what is in use and has nothing below it may be chosen', () => {
  expect(offered('broadband')).toEqual(['fault-slow', 'complaint-fee-refunded']);
});

test('a branch for other queues is left out, unless nothing else is left', () => {
  expect(offered('tariff')).toEqual(['complaint-fee-refunded']);
  expect(offered(null)).toEqual(['complaint-fee-refunded']);
  expect(choices(TREE.slice(0, 2), 'tariff').map((one) => one.code)).toEqual(['fault-slow']);
});

test('what is above a code that nobody can choose any more is chosen itself', () => {
  const all = TREE.map((one) => (one.code === 'fault-slow' ? { ...one, retired: true } : one));
  expect(choices(all, 'broadband').map((one) => one.code)).toContain('fault');
});

test('a code is found by any of the names on its way, by pinyin initials and by itself', () => {
  const way = wayTo('complaint-fee-refunded', TREE);
  expect(way.map((one) => one.code)).toEqual(['complaint', 'complaint-fee', 'complaint-fee-refunded']);
  for (const query of ['', '退费', 'ytf', 'refund', 'tousu', '投诉 退费', 'fee-refunded', 'COMPLAINT charges']) {
    expect([query, fits(query, way)]).toEqual([query, query !== 'tousu']);
  }
});

test('a tree that runs in a circle has an end', () => {
  expect(wayTo('a', [code('a', 'b'), code('b', 'a')]).map((one) => one.code)).toEqual(['b', 'a']);
});

test('the last used comes first, once, and few are kept', () => {
  expect(withRecent('b', ['a', 'b', 'c'])).toEqual(['b', 'a', 'c']);
  expect(withRecent('f', ['a', 'b', 'c', 'd', 'e'])).toEqual(['f', 'a', 'b', 'c', 'd']);
});

test('a sibling moves by one and not beyond the ends', () => {
  expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 'c', 1)).toBeNull();
  expect(moved(['a'], 'x', -1)).toBeNull();
});
