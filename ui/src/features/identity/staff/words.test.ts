import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from './locale/en.json';

test('every permission and every built-in role has a name', () => {
  const source = readFileSync('../src/careline/modules/directory/identity/permissions.py', 'utf8');
  const codes = [...(/PERMISSIONS = \(([^)]*)\)/.exec(source)?.[1] ?? '').matchAll(/"([a-z_-]+:[a-z_-]+)"/g)].map((match) => `permission.${match[1]}`);
  const roles = [...source.matchAll(/code="(\w+)",\s*name=/g)].map((match) => `role.${match[1]}`);
  expect(codes.length).toBeGreaterThan(10);
  expect(roles.length).toBeGreaterThan(4);
  expect([...codes, ...roles].filter((key) => !Object.hasOwn(en, key))).toEqual([]);
});
