import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import ofConsole from '@/shared/http/console/locale/en.json';
import en from '@/shared/http/locale/en.json';

/** Codes of our own making, for what the server cannot say. */
const OURS = ['no-connection', 'not-fetched', 'unexpected', 'server-failed', 'refused', 'file-not-through', 'file-gone', 'message-expired'];

test('every sentence for an error belongs to a code that the server raises', () => {
  const source = globSync('../src/careline/**/*.py').map((file) => readFileSync(file, 'utf8')).join('\n');
  const raised = new Set([...source.matchAll(/"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"/g)].map((match) => match[1]));
  expect([...Object.keys(en), ...Object.keys(ofConsole)].filter((code) => !OURS.includes(code) && !raised.has(code))).toEqual([]);
});

test('a code has its sentence in one place', () => {
  expect(Object.keys(en).filter((code) => Object.hasOwn(ofConsole, code))).toEqual([]);
});
