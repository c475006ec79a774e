import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import type { NoteShown } from '@/shared/api/generated/types.gen';
import { Notes } from './Notes';

const note: NoteShown = {
  id: 'n-1',
  author_id: 'somebody',
  author_name: 'Chen',
  text: 'Call in the evening',
  created_at: '2026-01-02T03:00:00Z',
  changed_at: '2026-01-02T03:10:00Z',
  open_until: '2026-01-02T03:30:00Z',
  version: 2,
  earlier: [{ text: 'Call in the morning', until: '2026-01-02T03:10:00Z' }],
};

test('a note that could not be stored stays in its field', async () => {
  const server = new FakeServer().on('POST /api/v1/customers/c-1/notes', () => ({ status: 503, body: { code: 'database-busy', title: 'busy' } }));
  show(<Notes customerId="c-1" record={{ notes: [], note_count: 0, notes_next: null }} />, ['customer:write']);
  await userEvent.type(screen.getByLabelText('Write a note'), 'Second line is the son’s');
  await userEvent.click(screen.getByRole('button', { name: 'Save note' }));

  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(screen.getByLabelText<HTMLTextAreaElement>('Write a note').value).toBe('Second line is the son’s');
  expect(server.sentTo('POST /api/v1/customers/c-1/notes')).toEqual([{ text: 'Second line is the son’s' }]);
});

test('a changed note shows what it said before, and is its author’s alone', () => {
  show(<Notes customerId="c-2" record={{ notes: [note], note_count: 1, notes_next: null }} />, ['customer:write']);
  expect(screen.queryByText('Call in the morning', { exact: false })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Edit note' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: /^changed/ }));
  expect(screen.getByText('Call in the morning', { exact: false })).toBeTruthy();
});

test('who may only read writes nothing', () => {
  show(<Notes customerId="c-3" record={{ notes: [note], note_count: 1, notes_next: null }} />, ['customer:read']);
  expect(screen.queryByLabelText('Write a note')).toBeNull();
});

test('notes before those that came with the record are counted and fetched page by page', async () => {
  const at = (n: number): NoteShown => ({ ...note, id: `n-${n}`, text: `Note ${n}`, changed_at: null });
  const server = new FakeServer().on('GET /api/v1/customers/c-4/notes', (_, { searchParams }) =>
    searchParams.get('after') === 'n-5' ? { body: { items: [at(4), at(3)], next: 'n-3' } } : { body: { items: [at(2)], next: null } },
  );
  show(<Notes customerId="c-4" record={{ notes: [at(5)], note_count: 4, notes_next: 'n-5' }} />, ['customer:read']);
  fireEvent.click(screen.getByRole('button', { name: '3 earlier notes' }));
  expect(await screen.findByText('Note 3')).toBeTruthy();
  fireEvent.click(await screen.findByRole('button', { name: /1 earlier note$/ }));
  expect(await screen.findByText('Note 2')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /earlier/ })).toBeNull();
  expect(server.sentTo('GET /api/v1/customers/c-4/notes')).toHaveLength(2);
});
