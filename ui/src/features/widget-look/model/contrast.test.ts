import { expect, test } from 'vitest';
import { LEAST, onWhite, scriptTag, sitesOf } from './contrast';

test('the contrast is the one that the server measures', () => {
  expect(onWhite('#000000')).toBeCloseTo(21);
  expect(onWhite('#767676')).toBeGreaterThan(LEAST);
  expect(onWhite('#777777')).toBeLessThan(LEAST);
  expect(onWhite('red')).toBeNull();
});

test('the line to copy names the tenant and this server', () => {
  expect(scriptTag('https://care.example.com', 'demo')).toBe('<script src="https://care.example.com/widget.js" data-tenant="demo" async></script>');
});

test('sites are taken one a line', () => {
  expect(sitesOf(' https://a.example\n\nhttps://b.example, https://c.example ')).toEqual(['https://a.example', 'https://b.example', 'https://c.example']);
});
