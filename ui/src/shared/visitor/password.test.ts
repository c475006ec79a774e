import { expect, test } from 'vitest';
import type { ChatView } from './chatView';
import { digitsOf, passwordAsked } from './password';

const NOON = Date.parse('2026-01-02T12:00:00Z');
const said = (code: string, params: object = {}, interaction = 'i-1') => ({ code, params, interaction_id: interaction });
const asked = said('password-asked-for', { form: 'f-1', purpose: 'enter', number: '138****6021', expires_at: '2026-01-02T12:05:00Z' });
const view = (messages: readonly object[], state = 'chatting') => ({ messages, now: { interaction_id: 'i-1', state } }) as unknown as ChatView;

test('a form is shown from when it is asked for until it is settled, too old, or the chat is over', () => {
  const form = { formId: 'f-1', purpose: 'enter', number: '138****6021' };
  expect(passwordAsked(view([asked, said('agent-joined')]), NOON)).toEqual(form);
  for (const code of ['password-right', 'password-wrong', 'password-withdrawn', 'password-set']) {
    expect(passwordAsked(view([asked, said(code)]), NOON)).toBeNull();
  }
  expect(passwordAsked(view([asked]), NOON + 5 * 60_000)).toBeNull();
  expect(passwordAsked(view([asked], 'ended'), NOON)).toBeNull();
  expect(passwordAsked(view([{ ...asked, interaction_id: 'i-0' }]), NOON)).toBeNull();
  expect(passwordAsked(view([said('password-right'), asked]), NOON)).toEqual(form);
  expect(passwordAsked(view([said('password-asked-for', { form: 7 })]), NOON)).toBeNull();
});

test('what people type becomes digits', () => {
  expect(digitsOf(' 738 ６２９')).toBe('738629');
});
