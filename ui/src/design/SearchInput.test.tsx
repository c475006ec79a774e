import { act, fireEvent, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SearchInput } from './SearchInput';

let addressMs: number;
let asked: (string | undefined)[];

/** As pages have it: the words live in the address, which takes a moment to change. */
function Page() {
  const [q, setQ] = useState<string | undefined>();
  const [onWords] = useState(() => (next: string | undefined) => {
    asked.push(next);
    setTimeout(() => setQ(next), addressMs);
  });
  return (
    <>
      <SearchInput label="Find" words={q} onWords={onWords} />
      <button onClick={() => onWords(undefined)}>clear</button>
    </>
  );
}

const words = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Find' });
const type = (value: string) => fireEvent.change(words(), { target: { value } });
const wait = (ms = 1000) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  addressMs = 40;
});
afterEach(() => vi.useRealTimers());

test('only what is typed last is looked for', async () => {
  show(<Page />);
  for (const typed of ['w', 'wx', 'wxm']) type(typed);
  expect(words().value).toBe('wxm');
  await wait();
  expect(asked).toEqual(['wxm']);
});

test('what is typed while the address changes stays', async () => {
  show(<Page />);
  type('wx');
  await wait(320);
  expect(asked).toEqual(['wx']);
  type('wxm');
  await wait(addressMs);
  expect(words().value).toBe('wxm');
  await wait();
  expect([asked, words().value]).toEqual([['wx', 'wxm'], 'wxm']);
});

test('an address that is far behind takes nothing back', async () => {
  addressMs = 500;
  show(<Page />);
  type('wx');
  await wait(310);
  type('wxm');
  await wait(310);
  expect(asked).toEqual(['wx', 'wxm']);
  await wait(addressMs - 200);
  expect(words().value).toBe('wxm');
  await wait();
  expect([asked, words().value]).toEqual([['wx', 'wxm'], 'wxm']);
});

test('a blank at the end stays while it is looked for', async () => {
  show(<Page />);
  type('fibre ');
  await wait();
  expect([asked, words().value]).toEqual([['fibre'], 'fibre ']);
});

test('what was cleared elsewhere is cleared here', async () => {
  show(<Page />);
  type('wxm');
  await wait();
  fireEvent.click(screen.getByText('clear'));
  await wait();
  expect([asked, words().value]).toEqual([['wxm', undefined], '']);
});

test('words that ask for nothing yet are not looked for', async () => {
  const onWords = vi.fn();
  show(<SearchInput label="Find" words={undefined} onWords={onWords} tooShort={/^\d{1,2}$/} />);
  type('60');
  await wait();
  expect(onWords).not.toHaveBeenCalled();
});
