import { screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { QuickReplyList } from '@/features/conversations/components/QuickReplyList';
import { AgentList } from '@/features/routing-settings/components/AgentList';

const none = () => undefined;

test.each([
  ['agents', () => <AgentList q={undefined} onSearch={none} />],
  ['quick replies', () => <QuickReplyList search="" onSearch={none} />],
])('a list of %s that cannot be had offers nothing new, only to ask again', async (_, list) => {
  new FakeServer();
  show(list());
  expect(await screen.findByRole('button', { name: 'Retry' })).toBeTruthy();
  for (const button of screen.getAllByRole('button')) expect(button.textContent).not.toMatch(/new|add/i);
});
