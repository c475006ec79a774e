import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { ChatContext } from '../hooks/useChat';
import { PasswordCard } from './PasswordCard';

const asked = { formId: 'f-1', purpose: 'enter', number: '138****6021' } as const;

function showCard(fillPassword: VisitorChat['fillPassword'], purpose: 'enter' | 'choose' = 'enter') {
  return render(
    <ChatContext value={{ fillPassword } as unknown as VisitorChat}>
      <PasswordCard asked={{ ...asked, purpose }} />
    </ChatContext>,
  );
}
const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
const write = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });
const send = () => fireEvent.click(screen.getByRole('button'));

test('what was wrong is gone from the screen, which says how often it may be tried again', async () => {
  const fill = vi.fn(() => Promise.resolve({ done: false, tries_left: 2 }));
  showCard(fill);
  expect(field('Service password').type).toBe('password');
  write('Service password', ' 111 222');
  send();
  expect(await screen.findByText('Not right; 2 more tries.')).toBeTruthy();
  expect(fill).toHaveBeenCalledWith(expect.objectContaining({ formId: 'f-1' }), '111222');
  expect(field('Service password').value).toBe('');
  expect([localStorage, sessionStorage].map((kept) => JSON.stringify(kept)).join(' ')).not.toContain('111222');
});

test('a new one is typed twice, and a weak one is refused with the reason', async () => {
  const fill = vi.fn(() => Promise.reject(new Error('too simple')));
  showCard(fill, 'choose');
  write('Service password', '738629');
  write('Once more', '738620');
  send();
  expect(screen.getByRole('alert').textContent).toBe('The two are not the same.');
  expect(fill).not.toHaveBeenCalled();
  write('Once more', '738629');
  send();
  expect((await screen.findByRole('alert')).textContent).toContain('too simple');
  expect(field('Once more').value).toBe('');
});
