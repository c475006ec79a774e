import { expect, test } from 'vitest';
import { asLook, type Look } from '@/shared/visitor/look';
import { wardrobe } from './dress';

const look: Look = { color: '#7a1f5c', greeting_zh: '<img src=x onerror=alert(1)>', greeting_en: 'Hello', side: 'left', avatar: '<b>', picture: null };

test('a look is worn, and its words stay words', () => {
  const host = document.createElement('div');
  const { face, hello, wear, greet } = wardrobe(host, 'demo');
  greet('zh-CN', true);
  expect([face.hidden, hello.hidden]).toEqual([true, true]);
  wear(look);
  greet('zh-CN', true);
  expect([host.dataset.side, host.style.getPropertyValue('--accent')]).toEqual(['left', '#7a1f5c']);
  expect([hello.textContent, hello.querySelector('img'), face.textContent]).toEqual([look.greeting_zh, null, '<b>']);
  greet('en', true);
  expect(hello.textContent).toBe('Hello');
  greet('en', false);
  expect(hello.hidden).toBe(true);
});

test('a picture stands in place of the letters, from where the chat is', () => {
  const { face, wear } = wardrobe(document.createElement('div'), 'demo');
  wear({ ...look, picture: 'a/../b' });
  const { src } = face.querySelector('img') ?? { src: '' };
  expect(src).toBe(`${window.location.origin}/api/v1/visitor/look/pictures/a%2F..%2Fb?tenant=demo`);
});

test('what is no look is none', () => {
  expect(asLook(look)).toBe(look);
  for (const raw of [null, 'x', {}, { ...look, color: 'red;}' }, { ...look, side: 'top' }, { ...look, avatar: 7 }, { ...look, picture: {} }]) {
    expect(asLook(raw)).toBeNull();
  }
});
