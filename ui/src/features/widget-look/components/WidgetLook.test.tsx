import { act, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import type { LookInFull, LookVersionShown } from '@/shared/api/generated/types.gen';
import { looksQuery } from '../api/looks';
import { WidgetLook } from './WidgetLook';

const ours: LookInFull = { color: '#2459d6', greeting_zh: '您好', greeting_en: 'Hello', side: 'right', avatar: '', picture: null, sites: [] };
const version = (number: number, look: LookInFull, revision: number): LookVersionShown => ({
  number, look, revision, changed_at: '2026-01-02T00:00:00Z', published_at: null, made_by: null, published_by: null,
}) as unknown as LookVersionShown;
const LOOKS = 'GET /api/v1/widget/looks';
const SAVE = 'PUT /api/v1/widget/draft';
const none = { ours, draft: null, published: null, past: [] };
const greeting = () => screen.getByLabelText<HTMLTextAreaElement>('Greeting in English');
const write = (value: string) => fireEvent.change(greeting(), { target: { value } });

test('what is typed while the draft is being saved stays, and is saved after it', async () => {
  const server = new FakeServer().on(LOOKS, none);
  show(<WidgetLook />);
  await screen.findByLabelText('Greeting in English');
  write('Welcome');
  const { release } = server.late(SAVE, version(1, { ...ours, greeting_en: 'Welcome' }, 1));
  await userEvent.click(await screen.findByRole('button', { name: /Save draft/ }));
  write('Welcome back');
  act(release);
  await screen.findByText('The draft is saved');
  expect(greeting().value).toBe('Welcome back');
  server.on(SAVE, version(1, { ...ours, greeting_en: 'Welcome back' }, 2));
  await userEvent.click(await screen.findByRole('button', { name: /Save draft/ }));
  await expect.poll(() => server.sentTo(SAVE)).toMatchObject([{ greeting_en: 'Welcome', revision: 0 }, { greeting_en: 'Welcome back', revision: 1 }]);
});

test('what is typed stays when the list is fetched again and another has saved', async () => {
  const server = new FakeServer().on(LOOKS, none);
  const { queries } = show(<WidgetLook />);
  await screen.findByLabelText('Greeting in English');
  write('Welcome');
  server.on(LOOKS, { ...none, draft: version(7, { ...ours, greeting_en: 'Theirs' }, 3) });
  await act(() => queries.invalidateQueries(looksQuery));
  expect(greeting().value).toBe('Welcome');
});
