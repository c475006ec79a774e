import { expect, test } from 'vitest';
import type { AuditEntryShown } from '@/shared/api/generated/types.gen';
import { objectLink } from './objectLink';

const entry = (kind: string | null, subject: string | null, params: AuditEntryShown['params'] = {}): AuditEntryShown => ({
  seq: 1,
  at: '2026-11-23T00:00:00Z',
  actor: 'system',
  action: 'x.y',
  kind,
  subject,
  outcome: 'allowed',
  params,
});

test('a thing is linked for those who may see it, and for nobody else', () => {
  expect(objectLink(entry('customer', 'c'), ['customer:read'])).toMatchObject({ params: { customerId: 'c' } });
  expect(objectLink(entry('customer', 'c'), ['audit:read'])).toBeNull();
  expect(objectLink(entry('user', 'u'), ['audit:read'])).toMatchObject({ search: { user: 'u' } });
  expect(objectLink(entry('contact', 'i', { customer: 'c' }), ['customer:read'])).toMatchObject({ params: { customerId: 'c' } });
  expect(objectLink(entry('contact', 'i'), ['customer:read'])).toBeNull();
  expect(objectLink(entry(null, 'x'), ['audit:read'])).toBeNull();
  expect(objectLink(entry('toString', 'x'), ['audit:read'])).toBeNull();
  expect(objectLink(entry('role', null), ['audit:read'])).toBeNull();
});
