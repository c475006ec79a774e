import { act, fireEvent, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { NetworkFailure } from '@/shared/http/problem';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MaskedNumber } from './MaskedNumber';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('shows the whole number on demand and hides it again after half a minute', async () => {
  show(<MaskedNumber masked="160****6021" reveal={() => Promise.resolve('16038126021')} />);
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name: /Show/ }));
    await vi.advanceTimersByTimeAsync(0);
  });
  expect(screen.getByText('16038126021')).toBeTruthy();
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(screen.queryByText('16038126021')).toBeNull();
  expect(screen.getByText('160****6021')).toBeTruthy();
});

test('a number that is shown anew has its own half minute', async () => {
  show(<MaskedNumber masked="160****6021" reveal={() => Promise.resolve('16038126021')} />);
  const click = (name: RegExp) =>
    act(async () => {
      fireEvent.click(screen.getByRole('button', { name }));
      await vi.advanceTimersByTimeAsync(0);
    });
  await click(/Show/);
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  await click(/Hide/);
  await click(/Show/);
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  expect(screen.getByText('16038126021')).toBeTruthy();
});

test('says why a number cannot be shown', async () => {
  show(<MaskedNumber masked="160****6021" reveal={() => Promise.reject(new NetworkFailure())} />);
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name: /Show/ }));
    await vi.advanceTimersByTimeAsync(0);
  });
  expect(screen.getByText(/network is down/)).toBeTruthy();
  expect(screen.getByText('160****6021')).toBeTruthy();
});

test('who may not see it has no button', () => {
  show(<MaskedNumber masked="160****6021" />);
  expect(screen.queryByRole('button')).toBeNull();
});
