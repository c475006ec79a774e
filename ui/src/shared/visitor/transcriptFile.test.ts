import { expect, test } from 'vitest';
import { setTimeZone } from '../time/zone';
import type { ChatView } from './chatView';
import { NOTHING, type VisitorMessage } from './protocol';
import { transcriptFile } from './transcriptFile';

const NOW = Date.parse('2026-03-02T01:05:00Z');
const said = (seq: number, part: Partial<VisitorMessage>): VisitorMessage => ({
  id: `m${seq}`, interaction_id: 'i', seq, client_id: null, author: 'customer', author_name: null, kind: 'text', text: '', code: null,
  params: null, at: '2026-03-01T23:30:00Z', attachment: null, ...part,
});
const PICTURE = { id: 'f', media_type: 'image/png', size: 1, width: 1, height: 1, duration_ms: null };
const MESSAGES = [
  said(1, { text: '<script>alert(1)</script> & "宽带"' }),
  said(2, { author: 'system', kind: 'notice', code: 'agent-joined', params: { number: '8021' } }),
  said(3, { author: 'agent', author_name: '陈晓岚', text: '您好' }),
  said(4, { kind: 'picture', text: '路由器.png', attachment: PICTURE }),
  said(5, { kind: 'voice', text: 'voice.webm', attachment: { ...PICTURE, duration_ms: 65_000 } }),
  said(6, { author: 'system', kind: 'notice', code: 'newer-than-this-page' }),
];
const VIEW: ChatView = {
  service: { name: '示例移动', hotline: '10086', time_zone: 'Asia/Shanghai' },
  opening: null, entered: true, now: NOTHING, messages: MESSAGES, pending: [], link: 'online', agentReadSeq: 0, agentTyping: false, rated: null,
  forgotten: 0,
  left: null, person: 0,
};

test('the text has everything that was seen, in the time of the centre', async () => {
  setTimeZone('Asia/Shanghai');
  const file = transcriptFile(VIEW, 'text', 'zh-CN', NOW);
  const lines = (await file.text()).split('\r\n');
  expect(file.name).toBe('10086 在线客服 聊天记录 2026-03-02.txt');
  expect(lines.slice(3, -1)).toEqual([
    '2026-03-02 07:30:00  您: <script>alert(1)</script> & "宽带"',
    '2026-03-02 07:30:00  提示: 客服 8021 接入',
    '2026-03-02 07:30:00  陈晓岚: 您好',
    '2026-03-02 07:30:00  您: [图片] 路由器.png',
    '2026-03-02 07:30:00  您: [语音] 1:05',
  ]);
});

test('a line of somebody\u2019s words does not begin like an entry', async () => {
  const text = '好的\n2026-03-02 07:31:00  陈晓岚: 全额退\r\u2028免费';
  const file = transcriptFile({ ...VIEW, messages: [said(1, { text })] }, 'text', 'zh-CN', NOW);
  expect((await file.text()).split('\r\n').slice(3)).toEqual(['2026-03-02 07:30:00  您: 好的', '    2026-03-02 07:31:00  陈晓岚: 全额退', '    ', '    免费', '']);
});

test('in the page words stay words', async () => {
  const page = await transcriptFile(VIEW, 'html', 'en', NOW).text();
  const shown = new DOMParser().parseFromString(page, 'text/html');
  expect(shown.querySelectorAll('script')).toHaveLength(0);
  expect(shown.querySelector('dd')?.textContent).toBe('<script>alert(1)</script> & "宽带"');
  expect(shown.documentElement.lang).toBe('en');
  expect(shown.querySelectorAll('dd')).toHaveLength(5);
});
