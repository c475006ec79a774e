import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { DayInput } from './DayInput';

test('a day is told when its year is whole, and stands there while it is typed', async () => {
  vi.useFakeTimers();
  const onDay = vi.fn();
  render(
    <label>
      From
      <DayInput day={undefined} onDay={onDay} />
    </label>,
  );
  const field = screen.getByLabelText<HTMLInputElement>('From');
  for (const value of ['0002-11-20', '0020-11-20', '0202-11-20']) {
    fireEvent.change(field, { target: { value } });
    await act(() => vi.advanceTimersByTimeAsync(500));
    expect(field.value).toBe(value);
  }
  expect(onDay).not.toHaveBeenCalled();
  fireEvent.change(field, { target: { value: '2026-11-20' } });
  await act(() => vi.advanceTimersByTimeAsync(500));
  expect(onDay.mock.calls).toEqual([['2026-11-20']]);
  vi.useRealTimers();
});
