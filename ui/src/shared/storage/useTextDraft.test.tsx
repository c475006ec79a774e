import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useTextDraft } from './useTextDraft';

test('what is written of one thing is not shown with another', () => {
  const { result, rerender } = renderHook(({ of }) => useTextDraft(`note.${of}`), { initialProps: { of: 'a' } });
  act(() => result.current[1]('of a'));
  rerender({ of: 'b' });
  expect(result.current[0]).toBe('');
  act(() => result.current[1]('of b'));
  rerender({ of: 'a' });
  expect(result.current[0]).toBe('of a');
  rerender({ of: 'b' });
  expect(result.current[0]).toBe('of b');
});
