import { fireEvent, screen, waitFor } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test, vi } from 'vitest';
import type { DataRequestDetail } from '@/shared/api/generated/types.gen';
import { save } from '@/shared/files/save';
import { AskForData } from './AskForData';
import { RequestActions } from './RequestActions';
import { RequestDrawer } from './RequestDrawer';
import { RequestsPage } from './RequestsPage';
import { RulesDrawer } from './RulesDrawer';

vi.mock('@/shared/files/save', () => ({ save: vi.fn() }));
const request: DataRequestDetail = {
  id: 'r-1',
  kind: 'erasure',
  state: 'waiting',
  customer_id: 'c-1',
  customer_name: 'W*g',
  assurance: 'real_name',
  asked_at: '2026-01-02T03:00:00Z',
  asked_by: 'Zhou',
  own: false,
  due_at: '2026-01-17T03:00:00Z',
  overdue: false,
  stuck: false,
  decided_at: null,
  decided_by: null,
  refusal: null,
  done_at: null,
  kept_until: null,
  file: null,
  version: 1,
  takeable: true,
  taken: [],
  steps: [],
  hindrances: [],
};
const ready: DataRequestDetail = { ...request, kind: 'export', state: 'ready', file: { size: 2048, sha256: 'ab', expires_at: '2026-01-09T03:00:00Z' } };
const FILE = 'GET /api/v1/data-requests/r-1/file';
const LIST = 'GET /api/v1/data-requests';

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  vi.mocked(save).mockClear();
});

test('who wrote a request down does not decide it, and what blocks an erasure keeps it from being approved', () => {
  const { update } = show(<RequestActions request={{ ...request, own: true }} />, ['data-request:decide']);
  expect(screen.queryByRole('button')).toBeNull();
  expect(screen.getByText(/somebody else than who wrote it down/)).toBeTruthy();
  update(<RequestActions request={{ ...request, hindrances: [{ code: 'open-case', count: 1, blocks: true }] }} />);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Approve erasure' }).disabled).toBe(true);
});

test('an erasure is asked about once more, a copy is agreed to at once; both with the version that was seen', async () => {
  const APPROVE = 'POST /api/v1/data-requests/r-1/approve';
  server.on(APPROVE, request);
  const { update } = show(<RequestActions request={request} />, ['data-request:decide']);
  fireEvent.click(screen.getByRole('button', { name: 'Approve erasure' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Erase' }));
  await waitFor(() => expect(server.sentTo(APPROVE)).toEqual([{ version: 1 }]));
  update(<RequestActions request={{ ...request, kind: 'export', version: 4 }} />);
  fireEvent.click(screen.getByRole('button', { name: 'Agree to the copy' }));
  await waitFor(() => expect(server.sentTo(APPROVE)).toEqual([{ version: 1 }, { version: 4 }]));
});

test('a copy that is refused is not saved, and why is said', async () => {
  server.on(FILE, () => ({ status: 429, body: { code: 'too-many-data-copies', title: 'x', params: { max: 2, retry_after: 60 } } }));
  const { update } = show(<RequestActions request={{ ...ready, takeable: false }} />, ['data-request:download']);
  expect(screen.queryByRole('button')).toBeNull();
  update(<RequestActions request={ready} />);
  fireEvent.click(screen.getByRole('button', { name: 'Download ZIP' }));
  expect((await screen.findByRole('alert')).textContent).toContain('2 different copies');
  expect(save).not.toHaveBeenCalled();

  server.on(FILE, { zip: true });
  fireEvent.click(screen.getByRole('button', { name: 'Download ZIP' }));
  await waitFor(() => expect(save).toHaveBeenCalledOnce());
  expect(vi.mocked(save).mock.calls[0]?.[0].name).toBe('data-r-1.zip');
});

test('the drawer says who took a copy, what went, what is kept and until when, and that it does not succeed', async () => {
  const kept = [{ category: 'cases', count: 1, why: 'complaint_clock' as const, until: '2028-01-02T03:00:00Z' }];
  const steps = [{ custodian: 'cases', at: '2026-01-02T04:00:00Z', counts: { notes: 3, files: 0 }, kept }];
  const shown = { ...request, state: 'done', stuck: true, steps, taken: [{ by: 'Li Lei', at: '2026-01-02T05:00:00Z' }] };
  server.on('GET /api/v1/data-requests/r-1', shown);
  show(<RequestDrawer id="r-1" onClose={() => undefined} />, ['data-request:read']);
  expect(await screen.findByText(/^Li Lei,/)).toBeTruthy();
  expect(screen.getByText('Notes: 3')).toBeTruthy();
  expect(screen.queryByText(/^Files/)).toBeNull();
  expect(screen.getByText(/retention of complaints, goes on/)).toBeTruthy();
  expect(screen.getByText('Done (does not succeed)')).toBeTruthy();
  expect(screen.getByText(/tried again every half hour/)).toBeTruthy();
});

test('the page tells of requests that fail, and shows them alone when asked to', async () => {
  server.on(LIST, (_, { searchParams }) => ({ body: { items: searchParams.has('stuck') ? [{ ...request, stuck: true }] : [request], next: null } }));
  const onFilter = vi.fn();
  show(<RequestsPage filter={{}} onFilter={onFilter} />, ['data-request:read']);
  expect(await screen.findByText('Requests that cannot be carried out: 1')).toBeTruthy();
  fireEvent.click(screen.getByRole('checkbox', { name: 'Only those that fail' }));
  expect(onFilter).toHaveBeenCalledWith({ stuck: true });
});

test('a list goes on where its page ends', async () => {
  const at = (id: string) => ({ ...request, id, customer_name: `of ${id}` });
  server.on(LIST, (_, { searchParams }) => {
    if (searchParams.has('stuck')) return { body: { items: [], next: null } };
    return searchParams.get('after') === 'p2' ? { body: { items: [at('r-2')], next: null } } : { body: { items: [at('r-1')], next: 'p2' } };
  });
  show(<RequestsPage filter={{}} onFilter={() => undefined} />, ['data-request:read']);
  fireEvent.click(await screen.findByRole('button', { name: 'More' }));
  expect(await screen.findByText('of r-2')).toBeTruthy();
  expect(screen.getByText('of r-1')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'More' })).toBeNull();
  expect(screen.queryByText(/cannot be carried out/)).toBeNull();
});

test('rules are saved with the version that was seen, and stay in the form when somebody was faster', async () => {
  const rules = { due_days: 15, recording_days: 180, complaint_days: 730, copies_a_day: 10, copies_decided: false, version: 3 };
  server.on('GET /api/v1/data-request-rules', rules);
  server.on('PUT /api/v1/data-request-rules', () => ({ status: 409, body: { code: 'data-request-rules-changed', title: 'x', params: { version: 4 } } }));
  show(<RulesDrawer open onClose={() => undefined} />, ['data-request:decide']);
  const copies = await screen.findByRole<HTMLInputElement>('spinbutton', { name: 'Copies a day' });
  fireEvent.change(copies, { target: { value: '2' } });
  fireEvent.click(screen.getByRole('switch', { name: 'Copies are decided upon, too' }));
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(server.sentTo('PUT /api/v1/data-request-rules')).toEqual([{ ...rules, copies_a_day: 2, copies_decided: true }]);
  expect(copies.value).toBe('2');
});

test('who may not decide reads the rules and changes none', async () => {
  server.on('GET /api/v1/data-request-rules', { due_days: 15, recording_days: 180, complaint_days: 730, copies_a_day: 10, copies_decided: false, version: 0 });
  show(<RulesDrawer open onClose={() => undefined} />, ['data-request:read']);
  expect((await screen.findByRole<HTMLInputElement>('spinbutton', { name: 'Copies a day' })).disabled).toBe(true);
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
});

test('what a customer asks for is written down with how they were identified', async () => {
  const ASK = 'POST /api/v1/customers/c-1/data-requests';
  server.on(LIST, { items: [], next: null }).on(ASK, () => ({ status: 422, body: { code: 'data-request-assurance-low', title: 'x', field: 'assurance' } }));
  show(<AskForData customerId="c-1" />, ['data-request:write']);
  fireEvent.click(screen.getByRole('button', { name: 'Data requests' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Write down' }));
  expect(await screen.findByText('Choose how they were identified')).toBeTruthy();
  expect(server.sentTo(ASK)).toEqual([]);
  fireEvent.mouseDown(screen.getByRole('combobox'));
  fireEvent.click(await screen.findByTitle('Papers'));
  fireEvent.click(screen.getByRole('button', { name: 'Write down' }));
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(server.sentTo(ASK)).toEqual([{ kind: 'export', assurance: 'real_name' }]);
});
