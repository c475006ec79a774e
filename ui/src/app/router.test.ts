import { expect, test } from 'vitest';
import { makeQueryClient } from '@/shared/query/client';
import { makeRouter } from './router';

const { validateSearch } = makeRouter(makeQueryClient()).routesByPath['/sign-in'].options;
const search = (raw: Record<string, unknown>) => (validateSearch as (raw: Record<string, unknown>) => unknown)(raw);

test('the sign-in page takes up a path of ours and a code, and nothing else that stands in a link', () => {
  expect(search({ next: '/desk?item=1', refused: 'account-not-linked' })).toEqual({ next: '/desk?item=1', refused: 'account-not-linked' });
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example']) expect(search({ next })).toEqual({});
  for (const refused of ['Call us at 0900', '\u8bf7\u62e8\u6253', 'a'.repeat(100)]) expect(search({ refused })).toEqual({});
});
