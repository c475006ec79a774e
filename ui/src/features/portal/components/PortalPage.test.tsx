import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { withDialogs } from '@tests/support/dialogs';
import { PeopleServer } from '@tests/support/people';
import { VisitorSocket } from '@tests/support/visitor';
import { afterEach, expect, test, vi } from 'vitest';
import { VisitorChat } from '@/shared/visitor/visitorChat';
import { ChatContext } from '../hooks/useChat';
import { PortalPage } from './PortalPage';

afterEach(() => void vi.unstubAllGlobals());

test('who has left is told so where readers listen already, and the focus is on what comes next', async () => {
  withDialogs();
  vi.stubGlobal('fetch', new PeopleServer().handle);
  const chat = new VisitorChat({ tenant: 'demo', openSocket: () => new VisitorSocket() as unknown as WebSocket });
  chat.start();
  render(
    <ChatContext value={chat}>
      <PortalPage tenant="demo" />
    </ChatContext>,
  );
  expect(document.activeElement, 'nobody was here before').toBe(document.body);
  await userEvent.click(screen.getByRole('button', { name: 'Ask without telling' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Leave this device' }));
  const listening = screen.getAllByRole('status', { hidden: true });
  await userEvent.click(screen.getByRole('button', { name: 'Remove and leave' }));
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 2 }));
  const told = (await screen.findByText(/^You have left/)).closest('[role=status]');
  expect(listening).toContain(told);
  chat.stop();
});
