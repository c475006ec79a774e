import { fireEvent, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { SealedCases } from './SealedCases';

const OPEN = 'POST /api/v1/sealed-cases/s-1/open';
const one = { id: 's-1', number: 'GD20260102-0001', created_at: '2026-01-02T00:00:00Z', changed_at: '2026-01-03T00:00:00Z', until: '2028-01-03T00:00:00Z' };

test('a sealed complaint is opened with a reason and a reference, and not kept when it is closed', async () => {
  const server = new FakeServer().on('GET /api/v1/sealed-cases', { items: [one], next: null });
  server.on(OPEN, () => ({ status: 422, body: { code: 'reference-not-usable', title: 'x', field: 'reference' } }));
  show(<SealedCases />, ['case:sealed']);
  fireEvent.click(await screen.findByRole('button', { name: 'Open GD20260102-0001' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Open' }));
  expect(await screen.findByText('Choose a reason')).toBeTruthy();
  expect(screen.getByText('Enter the reference')).toBeTruthy();
  expect(server.sentTo(OPEN)).toEqual([]);

  fireEvent.mouseDown(screen.getByRole('combobox'));
  fireEvent.click(await screen.findByTitle('Letter of a court or the police'));
  fireEvent.change(screen.getByRole('textbox', { name: 'Reference' }), { target: { value: ' 王小敏 ' } });
  fireEvent.click(screen.getByRole('button', { name: 'Open' }));
  expect(await screen.findByText(/letters, digits and/)).toBeTruthy();

  const entry = { at: '2026-01-02T01:00:00Z', actor_name: 'Zhou', text: 'Called back twice' };
  server.on(OPEN, { case: one, title: 'Billed twice', text: 'On both lines', history: [entry] });
  fireEvent.change(screen.getByRole('textbox', { name: 'Reference' }), { target: { value: '2026-0123' } });
  fireEvent.click(screen.getByRole('button', { name: /Open$/ }));
  expect(await screen.findByText('On both lines')).toBeTruthy();
  expect(screen.getByText('Called back twice')).toBeTruthy();
  expect(server.sentTo(OPEN).at(-1)).toEqual({ why: 'court', reference: '2026-0123' });

  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  fireEvent.click(screen.getByRole('button', { name: 'Open GD20260102-0001' }));
  expect(await screen.findByRole('textbox', { name: 'Reference' })).toBeTruthy();
  expect(screen.queryByText('On both lines')).toBeNull();
});
