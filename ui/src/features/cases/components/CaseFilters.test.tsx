import { act, fireEvent, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CaseFilter } from '../api/cases';
import { CaseFilters } from './CaseFilters';

let asked: CaseFilter[];

function List() {
  const [filter, setFilter] = useState<CaseFilter>({});
  const [onFilter] = useState(() => (next: CaseFilter) => {
    asked.push(next);
    setFilter(next);
  });
  return (
    <>
      <CaseFilters filter={filter} people={[]} onFilter={onFilter} />
      <button onClick={() => onFilter({})}>clear</button>
    </>
  );
}

const words = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Number, title' });
const type = (value: string) => fireEvent.change(words(), { target: { value } });
const wait = () => act(() => vi.advanceTimersByTimeAsync(1000));

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
});
afterEach(() => vi.useRealTimers());

test('what was cleared stays cleared', async () => {
  show(<List />);
  type('fibre');
  await wait();
  expect(asked).toEqual([{ q: 'fibre' }]);
  fireEvent.click(screen.getByText('clear'));
  await wait();
  expect(asked).toEqual([{ q: 'fibre' }, {}]);
  expect(words().value).toBe('');
});

test('what is typed stays as it is typed while it is looked for', async () => {
  show(<List />);
  type('fibre ');
  await wait();
  expect([asked, words().value]).toEqual([[{ q: 'fibre' }], 'fibre ']);
  type('');
  await wait();
  expect(asked.at(-1)).toEqual({});
});
