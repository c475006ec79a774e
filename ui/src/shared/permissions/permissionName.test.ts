import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { permissionName } from './permissionName';
import en from './locale/en.json';

test('every permission has a name, and no name is of a permission that is gone', () => {
  const source = readFileSync('../src/careline/modules/directory/identity/permissions.py', 'utf8');
  const codes = [...(/PERMISSIONS = \(([^)]*)\)/.exec(source)?.[1] ?? '').matchAll(/"([a-z_-]+:[a-z_-]+)"/g)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(10);
  expect(Object.keys(en).sort()).toEqual(codes.sort());
});

test('one that is newer than this page is called by its code', () => {
  expect(permissionName('moon:land', 'en')).toBe('moon:land');
  expect(permissionName('toString', 'en')).toBe('toString');
  expect(permissionName('audit:read', 'zh-CN')).toBe('看审计');
});
