import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { VisitorChat } from '@/shared/visitor/visitorChat';
import { ChatContext } from '../hooks/useChat';
import { Composer } from './Composer';

test('Enter sends, but not the one that ends a word in an input method', async () => {
  const chat = new VisitorChat({ tenant: 'demo' });
  const say = vi.spyOn(chat, 'say').mockImplementation(() => undefined);
  render(
    <ChatContext value={chat}>
      <Composer />
    </ChatContext>,
  );
  const box = screen.getByRole<HTMLTextAreaElement>('textbox');
  await userEvent.type(box, '你好');
  fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
  expect(say).not.toHaveBeenCalled();
  await userEvent.type(box, '{Enter}');
  expect(say).toHaveBeenCalledWith('你好');
});
