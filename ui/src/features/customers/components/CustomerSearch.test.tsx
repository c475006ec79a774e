import { act, fireEvent, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CustomerSearch } from './CustomerSearch';

let asked: (string | undefined)[];

function Page() {
  const [q, setQ] = useState<string | undefined>();
  const [onSearch] = useState(() => (next: string | undefined) => {
    asked.push(next);
    setQ(next);
  });
  return (
    <>
      <CustomerSearch q={q} onSearch={onSearch} />
      <button onClick={() => onSearch(undefined)}>clear</button>
    </>
  );
}

const words = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Find a customer' });
const type = (value: string) => fireEvent.change(words(), { target: { value } });
const wait = () => act(() => vi.advanceTimersByTimeAsync(1000));

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
});
afterEach(() => vi.useRealTimers());

test('two digits ask for nothing yet, three do', async () => {
  show(<Page />);
  type('60');
  await wait();
  expect(asked).toEqual([]);
  type('602');
  await wait();
  expect(asked).toEqual(['602']);
});

test('only what is typed last is looked for', async () => {
  show(<Page />);
  for (const typed of ['w', 'wx', 'wxm']) type(typed);
  await wait();
  expect(asked).toEqual(['wxm']);
});

test('what was cleared elsewhere is cleared here', async () => {
  show(<Page />);
  type('wxm ');
  await wait();
  expect([asked, words().value]).toEqual([['wxm'], 'wxm ']);
  fireEvent.click(screen.getByText('clear'));
  await wait();
  expect([asked, words().value]).toEqual([['wxm', undefined], '']);
});
