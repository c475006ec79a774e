import { ME } from '@tests/support/screen';
import { expect, test } from 'vitest';
import { homeOf } from './home';

const home = (...permissions: string[]) => homeOf({ ...ME, agent: null, permissions });

test('everybody has somewhere to be, and it is a page that they may see', () => {
  expect(homeOf({ ...ME, permissions: ['desk:use', 'floor:view'] })).toBe('/desk');
  expect(home('floor:view', 'case:read')).toBe('/floor');
  expect(home('wall:view')).toBe('/floor/wall');
  expect(home('case:read', 'audit:read')).toBe('/cases');
  expect(home('audit:read')).toBe('/studio');
});

test('whoever may only look customers up is with them', () => {
  expect(home('customer:read')).toBe('/customers');
});

test('whoever may do nothing yet has their own account', () => {
  // The studio sends home who may see none of its pages: they would go to and fro for ever.
  expect(home()).toBe('/account');
  expect(home('recording:listen')).toBe('/account');
});
