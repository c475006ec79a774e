import { expect, test } from 'vitest';
import type { QuickReply } from '@/shared/api/generated/types.gen';
import { asked, filled, found, initials, nextGap } from './quickReplies';

const reply = (title: string, group = '业务', text = '') => ({ id: title, title, group, text }) as QuickReply;

test('what is known is filled, what is not is a gap, and text that only looks like one stays', () => {
  expect(filled('{surname}女士您好，{agent} 为您查 {套餐名}', { surname: '王', agent: '陈晓岚' })).toBe('王女士您好，陈晓岚 为您查 ⟦套餐名⟧');
  expect(filled('{surname}', { surname: '' })).toBe('⟦surname⟧');
  expect(filled('{}', {})).toBe('{}');
});

test('gaps are gone through in turn', () => {
  const text = '⟦甲⟧和⟦乙⟧';
  expect(nextGap(text)).toEqual({ start: 0, end: 3 });
  expect(nextGap(text, 3)).toEqual({ start: 4, end: 7 });
  expect(nextGap(text, 7)).toEqual({ start: 0, end: 3 });
  expect(nextGap('都填好了')).toBeNull();
});

test('a slash asks at the beginning or after a blank, and nowhere else', () => {
  expect(asked('/tf', 3)).toEqual({ start: 0, query: 'tf' });
  expect(asked('您好 /', 4)).toEqual({ start: 3, query: '' });
  for (const text of ['1/2', 'http://x', '/a b']) expect(asked(text, text.length)).toBeNull();
});

test('Chinese is found by the initials of its pinyin', () => {
  expect(initials('退费说明 A')).toBe('tfsm a');
  expect(initials('宽带报障')).toBe('kdbz');
  expect(initials('您好请稍等')).toBe('nhqsd');
});

test('the title goes before the group, and the group before the text', () => {
  const all = [reply('开场白', '问候', '退费'), reply('账单', '退费'), reply('退费说明'), reply('不能退费')];
  expect(found(all, '退费').map(({ title }) => title)).toEqual(['退费说明', '不能退费', '账单', '开场白']);
  expect(found(all, 'tf').map(({ title }) => title)).toEqual(['退费说明', '不能退费', '账单']);
  expect(found(all, '没有')).toEqual([]);
});
