import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { shownKeys } from '@/shared/keyboard/chord';
import { SHORTCUTS, shortcuts } from '@/shared/keyboard/shortcuts';
import { useShortcut } from '@/shared/keyboard/useShortcut';
import { ShortcutSheet } from './ShortcutSheet';

const done: string[] = [];

function Work({ offer }: { offer: boolean }) {
  useShortcut('accept', () => done.push('accept'), { ready: offer });
  useShortcut('mute', () => done.push('mute'));
  useShortcut('transfer', () => done.push('transfer'), { absent: true });
  return <textarea aria-label="words" />;
}

function Page({ offer }: { offer: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Work offer={offer} />
      <ShortcutSheet open={open} onChange={setOpen} />
    </>
  );
}

test('? lists what is registered, grouped, and says what has nothing to do now', async () => {
  const { update } = show(<Page offer={false} />);
  await userEvent.keyboard('?');
  const sheet = await screen.findByRole('dialog', { name: 'Shortcuts' });
  const lines = () => [...sheet.querySelectorAll<HTMLElement>('[data-shortcut]')];
  expect(lines().map((line) => line.dataset.shortcut)).toEqual(['accept', 'mute', 'sheet']);
  expect(new Set(lines().map((line) => line.dataset.shortcut))).toEqual(new Set(shortcuts.getAll().map(({ id }) => id)));
  expect(within(sheet).getAllByRole('heading', { level: 3 }).map((one) => one.textContent)).toEqual(['Offer', 'Call', 'Page']);
  for (const line of lines()) {
    const { chords } = SHORTCUTS[line.dataset.shortcut as keyof typeof SHORTCUTS];
    expect([...line.querySelectorAll('kbd')].map((key) => key.textContent)).toEqual(chords.map(shownKeys));
  }
  expect(within(sheet).getByText('Nothing to do right now').closest('[data-shortcut]')?.getAttribute('data-shortcut')).toBe('accept');
  update(<Page offer />);
  expect(within(sheet).queryByText('Nothing to do right now')).toBeNull();
});

test('what a page no longer does is listed no longer', async () => {
  const { update } = show(<Page offer />);
  await userEvent.keyboard('{Control>}/{/Control}');
  const sheet = await screen.findByRole('dialog', { name: 'Shortcuts' });
  expect(within(sheet).getByText('Mute, unmute')).toBeTruthy();
  update(<ShortcutSheet open onChange={() => undefined} />);
  expect(screen.queryByText('Mute, unmute')).toBeNull();
});

test('? is a character where somebody writes', async () => {
  show(<Page offer />);
  await userEvent.type(screen.getByLabelText('words'), 'why?');
  expect(screen.getByLabelText<HTMLTextAreaElement>('words').value).toBe('why?');
  expect(screen.queryByRole('dialog')).toBeNull();
});
