import { expect, test } from 'vitest';
import type { VisitorMessage } from './protocol';
import type { ChatView } from './chatView';
import { authorText, serviceText } from './words';

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
