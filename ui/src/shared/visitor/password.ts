/** The form for a service password: when it is asked for, and what becomes of what is typed, which is kept nowhere. */
import type { ChatView } from './chatView';

export const PASSWORD_DIGITS = 6;

export interface PasswordAsked {
  readonly formId: string;
  readonly purpose: 'enter' | 'choose';
  readonly number: string;
}

/** The form to show; null while none is asked for, and as soon as it is settled, taken back or too old. */
export function passwordAsked({ messages, now }: ChatView, at: number): PasswordAsked | null {
  const said = messages.findLast(({ code }) => code?.startsWith('password-') === true);
  if (said?.code !== 'password-asked-for' || said.interaction_id !== now.interaction_id || now.state !== 'chatting') return null;
  const { form, purpose, number, expires_at: until } = said.params ?? {};
  if (typeof form !== 'string' || typeof number !== 'string' || typeof until !== 'string' || Date.parse(until) <= at) return null;
  return { formId: form, purpose: purpose === 'choose' ? 'choose' : 'enter', number };
}

/** Digits alone, however they were typed. */
export const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '');
