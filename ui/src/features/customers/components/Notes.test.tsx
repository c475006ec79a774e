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
  expect(server.sentTo('POST /api/v1/customers/c-1/notes')).toEqual([{ client_id: expect.any(String) as string, text: 'Second line is the son’s' }]);
});

test('a note that is sent again has the same name, also after a reload; another note has another', async () => {
  const WRITE = 'POST /api/v1/customers/c-5/notes';
  const server = new FakeServer().on(WRITE, () => ({ status: 503, body: { code: 'database-busy', title: 'busy' } }));
  const sent = () => server.sentTo(WRITE) as { client_id: string; text: string }[];
  const save = async (times: number) => {
    await userEvent.click(screen.getByRole('button', { name: 'Save note' }));
    await expect.poll(() => sent().length).toBe(times);
    await screen.findByRole('alert');
  };
  const record = { notes: [], note_count: 0, notes_next: null };
  const { unmount } = show(<Notes customerId="c-5" record={record} />, ['customer:write']);
  await userEvent.type(screen.getByLabelText('Write a note'), 'Call late');
  await save(1);
  await save(2);
  unmount();
  show(<Notes customerId="c-5" record={record} />, ['customer:write']);
  await save(3);
  await userEvent.type(screen.getByLabelText('Write a note'), ' please');
  await save(4);
  const whole = { customer: { id: 'c-5' }, ...record };
  server.on(WRITE, () => ({ status: 201, body: whole }));
  await userEvent.click(screen.getByRole('button', { name: 'Save note' }));
  await expect.poll(() => screen.getByLabelText<HTMLTextAreaElement>('Write a note').value).toBe('');
  server.on(WRITE, () => ({ status: 503, body: { code: 'database-busy', title: 'busy' } }));
  await userEvent.type(screen.getByLabelText('Write a note'), 'Call late please');
  await save(6);
  const [first, second, third, longer, stored, anew] = sent().map((body) => body.client_id);
  expect([second, third]).toEqual([first, first]);
  expect(longer).not.toBe(first);
  expect(stored).toBe(longer);
  expect(anew).not.toBe(longer);
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
