import { expect, test } from 'vitest';
import { withUrls } from './urls';

test.each([
  ['plain', [{ text: 'plain' }]],
  ['', []],
  ['see https://a.example/x?y=1#z.', [{ text: 'see ' }, { url: 'https://a.example/x?y=1#z' }, { text: '.' }]],
  ['看http://a.example/b这个', [{ text: '看' }, { url: 'http://a.example/b' }, { text: '这个' }]],
  ['看 http://a.example/b这个，谢谢', [{ text: '看 ' }, { url: 'http://a.example/b' }, { text: '这个，谢谢' }]],
  ['(https://a.example)', [{ text: '(' }, { url: 'https://a.example' }, { text: ')' }]],
  ['https://a.example/w_(x)', [{ url: 'https://a.example/w_(x)' }]],
  ['javascript:alert(1) data:text/html,x file:///etc', [{ text: 'javascript:alert(1) data:text/html,x file:///etc' }]],
  ['http://', [{ text: 'http://' }]],
])('%s', (text, pieces) => {
  expect(withUrls(text)).toEqual(pieces);
});

test('a long text without an address is done at once', () => {
  const began = performance.now();
  withUrls('http:/'.repeat(20_000));
  expect(performance.now() - began).toBeLessThan(500);
});
