import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from './locale/en.json';

test('every built-in role has a name', () => {
  const source = readFileSync('../src/careline/modules/directory/identity/permissions.py', 'utf8');
  const roles = [...source.matchAll(/code="(\w+)",\s*name=/g)].map((match) => `role.${match[1]}`);
  expect(roles.length).toBeGreaterThan(4);
  expect(roles.filter((key) => !Object.hasOwn(en, key))).toEqual([]);
});
