import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { useQuery } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { CustomerRecord } from '@/shared/api/generated/types.gen';
import { recordQuery } from '../api/customers';
import { EditButton } from './EditCustomer';

const customer = {
  id: 'c-1', kind: 'person', name_masked: 'W*g', level: 'standard', language: 'zh-CN', since: '2015-03-01', tags: [], version: 4,
  subscriptions: [], billing_accounts: [],
} as unknown as CustomerRecord['customer'];
const record = (more: object): CustomerRecord => ({ customer: { ...customer, ...more }, notes: [], note_count: 0, notes_next: null, consents: [], consent_count: 0, line_users: [], contact_points: [] });
const RECORD = 'GET /api/v1/customers/c-1/record';
const CHANGE = 'PATCH /api/v1/customers/c-1';

function Page() {
  const found = useQuery(recordQuery('c-1'));
  return found.data === undefined ? null : <EditButton customer={found.data.customer} />;
}

test('when somebody was faster it says so, keeps what was chosen, and leaves them what they changed', async () => {
  const server = new FakeServer().on(RECORD, record({})).on('GET /api/v1/customer-tags', { items: [] });
  server.on(CHANGE, () => ({ status: 409, body: { code: 'customer-changed', title: '', params: {} } }));
  show(<Page />);
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  const drawer = await screen.findByRole('dialog');
  await userEvent.click(within(drawer).getByRole('combobox', { name: 'Level' }));
  await userEvent.click(await screen.findByText('Gold'));
  server.on(RECORD, record({ language: 'en', version: 5 }));
  await userEvent.click(within(drawer).getByRole('button', { name: 'Save' }));
  expect(await within(drawer).findByRole('alert')).toBeTruthy();
  await expect.poll(() => server.asked.filter(({ route }) => route === RECORD).length).toBe(2);
  server.on(CHANGE, record({ level: 'gold', language: 'en', version: 6 }));
  await userEvent.click(within(drawer).getByRole('button', { name: 'Save' }));
  await expect.poll(() => server.sentTo(CHANGE)).toEqual([
    { level: 'gold', version: 4 },
    { level: 'gold', version: 5 },
  ]);
});
