import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { AuditEntryShown } from '@/shared/api/generated/types.gen';
import { locale } from '@/shared/i18n/locale';
import { useAuditWords } from './sentence';

const CUSTOMER = '0192f3a0-0000-7000-8000-00000000abcd';

const told = (language: 'zh-CN' | 'en', params: AuditEntryShown['params']) => {
  locale.set(language);
  const { result } = renderHook(() => useAuditWords());
  const entry: AuditEntryShown = { seq: 1, at: '2026-11-23T00:00:00Z', actor: 'system', action: 'x.y', kind: null, subject: null, outcome: 'allowed', params };
  return result.current.detail(entry, { [CUSTOMER]: '王*敏' });
};

test.each([
  [{ reason: 'permission-missing', permission: 'user:manage', times: 3 }, '原因 没有这项权限，权限 管账号，次数 3', 'reason permission missing, permission Manage users, times 3'],
  [{ before: 'open', after: 'in_progress' }, '待处理 → 处理中', 'open → in progress'],
  [{ before: 120, entries: 50 }, '在此之前 120，条数 50', 'before 120, entries 50'],
  [{ fields: 'active, post_id' }, '字段 启用、岗位', 'fields active, post'],
  [{ roles: 'agent,supervisor@department' }, '角色 坐席、班长（本部门及下级）', 'roles Agent, Supervisor (Own department and below)'],
  [{ permissions: 'case:read=own' }, '权限 看工单（本人）', 'permissions Read cases (Oneself)'],
  [{ passed: false, proof: 'answers' }, '通过 否，方式 核对资料', 'passed no, by answers'],
  [{ kind: 'customer' }, '种类 客户', 'kind Customer'],
  [{ kind: 'erasure', customer: CUSTOMER }, '种类 删除数据，客户 王*敏', 'kind erasure, customer 王*敏'],
  [{ since: '2026-11-23T00:00:00Z' }, '从 2026年11月23日 00:00:00', 'since November 23, 2026 at 00:00:00'],
  // What this page does not know yet stands as it is, and so does what only looks like one of our words.
  [{ reason: 'new-reason', proof: 'constructor' }, '原因 new-reason，方式 constructor', 'reason new-reason, by constructor'],
] as const)('%o', (params, zh, en) => {
  expect(told('zh-CN', params)).toBe(zh);
  expect(told('en', params)).toBe(en);
});

test.each([
  ['SUBSCRIBE conversation', '实时：会话', 'live: a conversation'],
  ['SUBSCRIBE new-topic', 'SUBSCRIBE new-topic', 'SUBSCRIBE new-topic'],
  ['PATCH /users/{user_id}', 'PATCH /users/{user_id}', 'PATCH /users/{user_id}'],
  [CUSTOMER, '王*敏', '王*敏'],
  [null, '', ''],
] as const)('what was done to %s', (subject, zh, en) => {
  const named = (language: 'zh-CN' | 'en') => {
    locale.set(language);
    return renderHook(() => useAuditWords()).result.current.subjectName(subject, { [CUSTOMER]: '王*敏' });
  };
  expect([named('zh-CN'), named('en')]).toEqual([zh, en]);
});
