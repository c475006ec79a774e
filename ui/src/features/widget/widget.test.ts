import { withDialogs } from '@tests/support/dialogs';
import { FakeMicrophone } from '@tests/support/microphone';
import { PeopleServer } from '@tests/support/people';
import { VisitorSocket } from '@tests/support/visitor';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VisitorChat } from '@/shared/visitor/visitorChat';
import { recordVoice } from './voice';
import { RECORD_VOICE } from './voiceName';
import { mountWidget } from './widget';

let server: PeopleServer;
let chat: VisitorChat;
let root: ShadowRoot;

const named = (name: string): HTMLButtonElement =>
  [...root.querySelectorAll('button')].find((one) => one.textContent === name || one.getAttribute('aria-label') === name) as HTMLButtonElement;
const leaveLine = () => root.querySelector('.leave') as HTMLElement;
const field = () => root.querySelector('footer textarea') as HTMLTextAreaElement;

function type(words: string): void {
  field().value = words;
  field().dispatchEvent(new Event('input'));
}

async function leave(): Promise<void> {
  named('Leave this device').click();
  named('Remove and leave').click();
  await expect.poll(() => chat.getView().left).toBe('everywhere');
}

beforeEach(() => {
  server = new PeopleServer();
  vi.stubGlobal('fetch', server.handle);
  withDialogs();
  sessionStorage.clear();
  chat = new VisitorChat({ tenant: 'demo', openSocket: () => new VisitorSocket() as unknown as WebSocket });
});

afterEach(() => {
  chat.stop();
  document.body.replaceChildren();
  document.head.replaceChildren();
  vi.unstubAllGlobals();
});

function open(): void {
  mountWidget(chat, 'demo').show(true);
  root = document.querySelector('careline-chat')?.shadowRoot as ShadowRoot;
  chat.start();
}

/** The script that records has come. */
const arrived = () => {
  Reflect.set(window, RECORD_VOICE, recordVoice);
  document.head.querySelector('script')?.dispatchEvent(new Event('load'));
};

test('a script that comes after they have left asks for no microphone', async () => {
  const microphone = new FakeMicrophone();
  open();
  await chat.enter({ name: 'A', msisdn: null });
  named('Voice message').click();
  await leave();
  arrived();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(microphone.questions).toBe(0);
});

test('nobody records on for who has left', async () => {
  const microphone = new FakeMicrophone();
  open();
  await chat.enter({ name: 'A', msisdn: null });
  named('Voice message').click();
  arrived();
  await microphone.answer(true);
  expect(microphone.on).toBe(1);
  await leave();
  await expect.poll(() => microphone.on).toBe(0);
  expect(root.querySelector('.voice')).toBeNull();
});

test('after leaving the focus is where one writes, not nowhere', async () => {
  open();
  await chat.enter({ name: 'A', msisdn: null });
  named('Leave this device').focus();
  await leave();
  expect(leaveLine().hidden).toBe(true);
  expect(root.activeElement).toBe(field());
});

test('who has only typed can leave, and nothing of it stays', async () => {
  open();
  expect(leaveLine().hidden).toBe(true);
  type('my number is');
  expect(leaveLine().hidden).toBe(false);
  expect(localStorage.getItem('careline.draft.widget')).toContain('my number is');
  await leave();
  expect([field().value, localStorage.getItem('careline.draft.widget'), leaveLine().hidden]).toEqual(['', null, true]);
  expect(server.visitors.size).toBe(0);
});
