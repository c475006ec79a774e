import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import type { CustomerRecord } from '@/shared/api/generated/types.gen';
import { Consents } from './Consents';

const WRITE = 'POST /api/v1/customers/c-1/consents';
const record = { customer: { id: 'c-1' }, consents: [], consent_count: 0 } as unknown as CustomerRecord;
const button = (name: string) => screen.findByRole('button', { name });

test('a consent that is sent again has the same name; another word, and another form, have another', async () => {
  const server = new FakeServer().on(WRITE, () => ({ status: 503, body: { code: 'database-busy', title: 'busy' } }));
  const names = () => server.sentTo(WRITE).map((body) => (body as { client_id: string }).client_id);
  const save = async (times: number) => {
    await userEvent.click(await button('Save'));
    await expect.poll(() => names().length).toBe(times);
    await screen.findByRole('alert');
  };
  const open = async () => {
    await userEvent.click(await button('Record'));
    await userEvent.type(await screen.findByLabelText('Their words, or the text'), 'Agreed on the phone');
  };
  show(<Consents record={record} />, ['customer:write']);
  await open();
  await save(1);
  await save(2);
  await userEvent.type(screen.getByLabelText('Their words, or the text'), ' today');
  await save(3);
  await userEvent.click(await button('Cancel'));
  await open();
  await save(4);
  const [first, second, other, anew] = names();
  expect(second).toBe(first);
  expect(new Set([first, other, anew]).size).toBe(3);
});
