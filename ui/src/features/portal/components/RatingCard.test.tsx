import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { ChatContext } from '../hooks/useChat';
import { RatingCard } from './RatingCard';

function showCard(rate: VisitorChat['rate'] = () => Promise.resolve()) {
  const card = render(
    <ChatContext value={{ rate } as unknown as VisitorChat}>
      <RatingCard interactionId="i-1" />
    </ChatContext>,
  );
  fireEvent.click(screen.getAllByRole('radio').at(-1) as HTMLElement);
  return card;
}
const words = () => screen.getByRole<HTMLTextAreaElement>('textbox');
const write = () => fireEvent.change(words(), { target: { value: 'Quick and kind' } });
const send = () => fireEvent.click(screen.getByRole('button'));

test('words that were not sent are there when the card comes back', async () => {
  const { unmount } = showCard(() => Promise.reject(new Error('cut')));
  write();
  send();
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(words().value).toBe('Quick and kind');
  unmount();
  showCard();
  expect(words().value).toBe('Quick and kind');
});

test('words that were sent are not kept', async () => {
  const { unmount } = showCard();
  write();
  send();
  await expect.poll(() => words().value).toBe('');
  unmount();
  showCard();
  expect(words().value).toBe('');
});
