import { expect, test } from 'vitest';
import type { VisitorMessage } from './protocol';
import type { ChatView } from './chatView';
import { authorText, noticeText, openingText, serviceText } from './words';
import { setTimeZone } from '../time/zone';

const of = (service: ChatView['service']) => ({ service }) as ChatView;

test('the heading names the hotline of this centre, else its name', () => {
  expect(serviceText(of({ name: '示例移动', hotline: '10086', time_zone: 'UTC' }), 'zh-CN')).toBe('10086 在线客服');
  expect(serviceText(of({ name: 'Other Mobile', hotline: null, time_zone: 'UTC' }), 'en')).toBe('Other Mobile Support');
  expect(serviceText(of(null), 'zh-CN')).toBe('在线客服');
});

test('a bot is called a bot', () => {
  const said = { author: 'bot', author_name: null } as VisitorMessage;
  expect([authorText(said, 'zh-CN'), authorText(said, 'en')]).toEqual(['机器人', 'Bot']);
});

const NIGHT = Date.parse('2026-11-23T13:00:00Z'); // nine in the evening in Shanghai

test.each([
  ['2026-11-23T15:00:00Z', '今天 23:00', 'today at 23:00'],
  ['2026-11-24T01:00:00Z', '明天 09:00', 'tomorrow at 09:00'],
  ['2026-11-25T01:00:00Z', '11 月 25 日 周三 09:00', 'Wed, November 25 at 09:00'],
])('it is said on which day somebody is there again: %s', (opens_at, zh, en) => {
  setTimeZone('Asia/Shanghai');
  const view = { opening: { open: false, opens_at }, now: { state: 'none' } } as ChatView;
  expect(openingText(view, 'zh-CN', NIGHT)).toBe(`现在没有客服在线，${zh} 上班。您可以先留言。`);
  expect(openingText(view, 'en', NIGHT)).toBe(`Nobody is here now; we are back ${en}. You can leave a message.`);
});

test('what is kept in a file says the date', () => {
  setTimeZone('Asia/Shanghai');
  const said = { code: 'message-asked-for', params: { because: 'closed', opens_at: '2026-11-24T01:00:00Z' } } as unknown as VisitorMessage;
  expect(noticeText(said, 'zh-CN', NIGHT)).toContain('明天 09:00');
  expect(noticeText(said, 'zh-CN', null)).toContain('11 月 24 日 周二 09:00');
  expect(noticeText(said, 'zh-CN', Date.parse('2026-11-30T00:00:00Z'))).toContain('11 月 24 日 周二 09:00');
});
