import { act, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { expect, test } from 'vitest';
import { locale } from '@/shared/i18n/locale';
import type { WrapUpForm } from '../hooks/useWrapUp';
import { WrapUpBar } from './WrapUpBar';

const form = { disposition: null, finishing: false, finish: () => undefined } as unknown as WrapUpForm;
const bar = (left: number | null) => <WrapUpBar form={form} startedAt="2026-03-02T09:00:00Z" deadline={null} left={left} />;

test('says how much time is left while its clock stands, and that it stands', () => {
  const { update } = show(bar(45));
  expect(screen.getByRole('toolbar').textContent).toContain('0:45');
  expect(screen.getByText(/clock paused/)).toBeTruthy();
  act(() => locale.set('zh-CN'));
  expect(screen.getByText(/计时暂停/)).toBeTruthy();
  act(() => locale.set('en'));
  update(bar(null));
  expect(screen.queryByText(/clock paused/)).toBeNull();
});
