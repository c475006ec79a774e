import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { AT, entry, interaction, offer, target } from '@tests/support/desk';
import { FakeLine } from '@tests/support/live';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendMessage } from '@/features/conversations/api/messages';
import { OutboxContext } from '@/features/conversations/hooks/useOutbox';
import { SoftphoneContext } from '@/features/telephony/hooks/useSoftphone';
import { Softphone, type PhoneState } from '@/features/telephony/model/softphone';
import type { InboxEntry, Message, Offer } from '@/shared/api/generated/types.gen';
import { Outbox } from '@/shared/conversations/outbox';
import { SHORTCUTS, type ShortcutId } from '@/shared/keyboard/shortcuts';
import { ShortcutGroups, ShortcutSheet } from '../shell/ShortcutSheet';
import { DeskColumns } from './DeskColumns';

const TALKING = { ref: 'i-1', phase: 'talking', muted: false, quality: null } as const;

// What the sheet lists: each test looks at its own, and together these are all.
const IN_A_CHAT = ['accept', 'decline', 'previous', 'next', 'oldest', 'send', 'reply', 'note', 'transfer', 'invite', 'ready', 'not_ready', 'offline', 'sheet'];
const IN_A_CALL = ['accept', 'decline', 'previous', 'next', 'oldest', 'transfer', 'mute', 'keypad', 'hold', 'hang_up', 'ready', 'not_ready', 'offline', 'sheet'];
const [FOR_COLLEAGUES, IN_WORK_AFTERWARDS] = ['pass_on', 'finish'];

let server: FakeServer;
let line: FakeLine;
let phone: string[];
let chosen: (string | null)[];

function desk(first: string, mine: InboxEntry[], offers: Offer[] = [], call: PhoneState['call'] = TALKING) {
  server.on('GET /api/v1/inbox', { offers, mine, asked_in: [], position: '1' });
  const softphone = new Softphone(() => Promise.reject(new Error('not asked for')));
  const state: PhoneState = { registration: 'registered', microphoneRefused: false, call };
  softphone.getState = () => state;
  softphone.setMuted = (muted) => void phone.push(`muted ${muted}`);
  softphone.answer = () => void phone.push('answered');
  softphone.hangUp = () => void phone.push('hung up');
  const outbox = new Outbox<Message>({ send: sendMessage, sendFile: () => new Promise(() => undefined), stored: () => undefined, storageKey: 'test' });
  const Page = () => {
    const [at, setAt] = useState<string | null>(first);
    const [sheet, setSheet] = useState(false);
    return (
      <>
        <DeskColumns
          chosen={at}
          onChoose={(id) => {
            chosen.push(id);
            setAt(id);
          }}
        />
        <ShortcutSheet open={sheet} onChange={setSheet} />
        <aside aria-label="sheet">
          <ShortcutGroups />
        </aside>
      </>
    );
  };
  const router = createRouter({ routeTree: createRootRoute({ component: Page }), history: createMemoryHistory({ initialEntries: ['/desk'] }) });
  show(
    line.wrap(
      <OutboxContext value={outbox}>
        <SoftphoneContext value={softphone}>
          <RouterProvider router={router} />
        </SoftphoneContext>
      </OutboxContext>,
    ),
  );
}

/** What the sheet says now. */
async function theSheet(): Promise<string[]> {
  const sheet = await screen.findByRole('complementary', { name: 'sheet' });
  return [...sheet.querySelectorAll<HTMLElement>('[data-shortcut]')].map((one) => one.dataset.shortcut ?? '');
}

const KEYS: Record<string, string> = { Mod: 'Control', N: 'n', K: 'k' };
const press = (id: ShortcutId) => {
  const names = SHORTCUTS[id].chords[0].split('+').map((name) => KEYS[name] ?? name);
  const last = names.pop() ?? '';
  const down = /^\d$/.test(last) ? `[Digit${last}]` : last.length > 1 ? `{${last}}` : last;
  return userEvent.keyboard(names.map((name) => `{${name}>}`).join('') + down + names.map((name) => `{/${name}}`).join(''));
};
const sent = (route: string) => server.sentTo(route.replace(' ', ' /api/v1'));
const write = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Reply to the customer' });

beforeEach(() => {
  [phone, chosen] = [[], []];
  line = new FakeLine();
  server = new FakeServer()
    .on('GET /api/v1/agent-state', { agent_id: 'u-1', chosen: 'ready', reason: null, media: {}, state: 'ready', since: AT })
    .on('PUT /api/v1/agent-state', () => ({ status: 200, body: {} }))
    .on('GET /api/v1/not-ready-reasons', { items: [{ code: 'meal', name: 'Meal', position: 1 }], version: 1 })
    .on('GET /api/v1/quick-replies', [{ id: 'r-1', title: 'Hello', text: 'Hello there', group: 'All', own: false, uses: 0, version: 1 }])
    .on('GET /api/v1/colleagues', [])
    .on('GET /api/v1/dispositions', [])
    .on('POST /api/v1/offers/o-1/accept', entry('i-9', {}))
    .on('POST /api/v1/offers/o-1/decline', () => ({ status: 204 }));
  for (const id of ['i-1', 'i-2', 'i-9']) {
    server
      .on(`GET /api/v1/interactions/${id}`, interaction(id, {}))
      .on(`GET /api/v1/interactions/${id}/transfer-targets`, target)
      .on(`POST /api/v1/interactions/${id}/transfer`, () => ({ status: 204 }))
      .on(`POST /api/v1/interactions/${id}/end`, () => ({ status: 204 }))
      .on(`PUT /api/v1/interactions/${id}/wrap-up`, () => ({ status: 204 }))
      .on(`GET /api/v1/conversations/c-${id}/messages`, { items: [], next: null, customer_read: 0 })
      .on(`GET /api/v1/conversations/c-${id}/notes`, { items: [], next: null })
      .on(`GET /api/v1/conversations/c-${id}/participants`, [])
      .on(`POST /api/v1/conversations/c-${id}/typing`, () => ({ status: 204 }))
      .on(`POST /api/v1/conversations/c-${id}/messages`, () => new Promise(() => undefined));
  }
});
afterEach(() => line.stop());

const chats = [entry('i-1', { waiting_for: 'agent' }), entry('i-2', {})];

test('in a chat', async () => {
  desk('i-1', chats, [offer]);
  await write();
  expect(await theSheet()).toEqual(IN_A_CHAT);

  await userEvent.type(await write(), 'Good morning');
  await press('send');
  await expect.poll(() => sent('POST /conversations/c-i-1/messages')).toMatchObject([{ text: 'Good morning' }]);
  await press('reply');
  expect(await screen.findByRole('option', { name: /Hello/ })).toBeTruthy();
  await press('note');
  expect(document.activeElement).toBe(await screen.findByRole('textbox', { name: 'Internal note' }));
  await press('note');
  expect(document.activeElement).toBe(await write());

  await press('sheet');
  expect(screen.queryByRole('dialog')).toBeNull();
  await userEvent.keyboard('{Control>}/{/Control}');
  expect(await screen.findByRole('dialog', { name: 'Shortcuts' })).toBeTruthy();
  await userEvent.keyboard('{Control>}/{/Control}');

  await press('ready');
  await press('not_ready');
  await press('offline');
  await expect.poll(() => sent('PUT /agent-state')).toMatchObject([{ chosen: 'ready' }, { chosen: 'not_ready' }, { chosen: 'offline', reason: null }]);

  await press('next');
  await press('previous');
  await press('next');
  await press('oldest');
  expect(chosen).toEqual(['i-2', 'i-1', 'i-2', 'i-1']);
  await waitFor(async () => expect(document.activeElement).toBe(await write()));
});

test('for an offer', async () => {
  desk('i-1', chats, [offer]);
  await write();
  await press('accept');
  await expect.poll(() => sent('POST /offers/o-1/accept')).toEqual([{ token: 't' }]);
});

test('for the call that rings, whatever was offered before it', async () => {
  const call = { ...offer, id: 'o-2', interaction_id: 'i-2', media: 'voice' } as Offer;
  desk('i-1', chats, [offer, call], { ref: 'o-2', phase: 'ringing', muted: false, quality: null });
  await write();
  await press('accept');
  await expect.poll(() => phone).toEqual(['answered']);
  expect(sent('POST /offers/o-1/accept')).toEqual([]);
});

test('for an offer that is passed on', async () => {
  desk('i-1', chats, [offer]);
  await write();
  await press('decline');
  await expect.poll(() => sent('POST /offers/o-1/decline')).toEqual([{ token: 't' }]);
});

test('for colleagues', async () => {
  desk('i-1', chats);
  await write();
  await press('invite');
  expect(await screen.findByRole('dialog', { name: 'Ask a colleague in' })).toBeTruthy();
  await userEvent.keyboard('{Escape}');
  await press('transfer');
  await userEvent.click(await screen.findByRole('radio', { name: /Online/ }));
  expect(await theSheet()).toContain(FOR_COLLEAGUES);
  screen.getByRole('radio', { name: /Online/ }).focus();
  await press('pass_on');
  await expect.poll(() => sent('POST /interactions/i-1/transfer')).toMatchObject([{ queue: 'online' }]);
});

test('in a call', async () => {
  server.on('GET /api/v1/interactions/i-1', interaction('i-1', { channel: 'voice' }));
  desk('i-1', [entry('i-1', { media: 'voice', state: 'talking' })]);
  await screen.findByRole('toolbar', { name: 'Call controls' });
  expect(await theSheet()).toEqual(IN_A_CALL);
  await press('mute');
  await press('keypad');
  expect(await screen.findByRole('group', { name: 'Keypad' })).toBeTruthy();
  await press('hold');
  await press('hang_up');
  expect(phone).toEqual(['muted true', 'muted true']);
  expect(sent('PUT /interactions/i-1/hold')).toEqual([{ held: true }]);
  await expect.poll(() => sent('POST /interactions/i-1/end')).toHaveLength(1);
});

test('in after-contact work', async () => {
  const over = interaction('i-1', { channel: 'voice', state: 'after_contact_work', disposition: { code: 'bill', note: '', path: [] } });
  server.on('GET /api/v1/interactions/i-1', over);
  desk('i-1', [entry('i-1', { media: 'voice', state: 'after_contact_work' })]);
  const note = await screen.findByLabelText('Note');
  expect(await theSheet()).toContain(IN_WORK_AFTERWARDS);
  await userEvent.click(note);
  await press('finish');
  await expect.poll(() => sent('PUT /interactions/i-1/wrap-up')).toMatchObject([{ disposition: 'bill', draft: false }]);
});

test('these are all there are', () => {
  expect([...new Set([...IN_A_CHAT, ...IN_A_CALL, FOR_COLLEAGUES, IN_WORK_AFTERWARDS])].sort()).toEqual(Object.keys(SHORTCUTS).sort());
});
