import { fireEvent, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { NoteComposer } from './NoteComposer';

const WRITE = 'POST /api/v1/conversations/c-1/notes';

test('what is written on while a note is on its way is the next note', async () => {
  const server = new FakeServer();
  const first = server.late(WRITE, { id: 'n-1', conversation_id: 'c-1', interaction_id: 'i-1', author_name: 'Chen', text: 'Line is down', mentions: [], at: '2026-03-02T01:00:00Z' });
  show(<NoteComposer conversationId="c-1" />);
  const box = screen.getByRole<HTMLTextAreaElement>('textbox');
  const write = (value: string) => fireEvent.change(box, { target: { value } });
  write(' Line is down');
  fireEvent.click(screen.getByRole('button', { name: /^Note it/ }));
  await expect.poll(() => server.sentTo(WRITE)).toMatchObject([{ text: 'Line is down' }]);
  write(' Line is down, since noon');
  first.release();
  await expect.poll(() => box.value).toBe(', since noon');
});
