import type { KnownKind } from './kinds';
import type { Step } from './definition';
import { NOWHERE } from './definition';
import { SHAPES } from './ways';

/** How a field of a step is filled in. */
export type Field =
  | { readonly name: string; readonly as: 'words'; readonly may?: true }
  | { readonly name: string; readonly as: 'number'; readonly least: number; readonly most: number; readonly usual: number; readonly step?: number }
  | { readonly name: string; readonly as: 'switch'; readonly usual: boolean }
  | { readonly name: string; readonly as: 'one'; readonly of: readonly string[]; readonly usual?: string; readonly may?: true }
  | { readonly name: string; readonly as: 'line'; readonly may?: true; readonly hint?: string }
  | { readonly name: string; readonly as: 'named'; readonly among: 'queues' | 'calendars' | 'connections' | 'flows'; readonly may?: true }
  | { readonly name: string; readonly as: 'pairs' }
  | { readonly name: string; readonly as: 'list'; readonly may: true }
  | { readonly name: string; readonly as: 'bound'; readonly may: true }
  | { readonly name: string; readonly as: 'json'; readonly may: true };

export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'] as const;
const TIMEOUT = { name: 'timeout_s', as: 'number', least: 1, most: 60, usual: 6 } as const;
const attempts = (usual: number, most = 5) => ({ name: 'attempts', as: 'number', least: 1, most, usual }) as const;
const TEXT = { name: 'text', as: 'words' } as const;
const MAY_TEXT = { ...TEXT, may: true } as const;
const WRONG = { name: 'wrong', as: 'words', may: true } as const;
const NEEDS = { name: 'needs', as: 'one', of: ['none', 'caller_number', 'agent_checked', 'one_time_code', 'service_password'], may: true } as const;
const FACTS = ['channel', 'language', 'customer.brand', 'customer.level', 'customer.known', 'contact.assurance', 'caller.number', 'time.clock', 'time.date', 'time.weekday', 'queue.waiting', 'queue.wait_s', 'queue.ready'];

/** What each kind of step is told, in the order in which it is asked. Where it leads is asked apart. */
export const FIELDS: Readonly<Record<KnownKind, readonly Field[]>> = {
  say: [TEXT, { name: 'announces', as: 'one', of: ['recording'], may: true }],
  menu: [TEXT, WRONG, TIMEOUT, attempts(3)],
  collect: [
    TEXT,
    WRONG,
    { name: 'what', as: 'one', of: ['digits', 'msisdn', 'amount', 'date', 'check_digit'], usual: 'digits' },
    { name: 'into', as: 'line', hint: 'a-z 0-9 _' },
    { name: 'secret', as: 'switch', usual: false },
    { name: 'min_length', as: 'number', least: 1, most: 32, usual: 1 },
    { name: 'max_length', as: 'number', least: 1, most: 32, usual: 20 },
    { name: 'terminator', as: 'one', of: ['#', '*'], usual: '#' },
    TIMEOUT,
    { name: 'between_s', as: 'number', least: 1, most: 60, usual: 4 },
    attempts(3),
    { name: 'interruptible', as: 'switch', usual: true },
  ],
  service_password: [TEXT, WRONG, TIMEOUT, { name: 'between_s', as: 'number', least: 1, most: 60, usual: 4 }, attempts(3, 3)],
  consent: [
    TEXT,
    { name: 'purpose', as: 'one', of: ['marketing', 'personalisation', 'research', 'voice'] },
    { name: 'yes', as: 'one', of: KEYS, usual: '1' },
    { name: 'no', as: 'one', of: KEYS, usual: '2' },
    { name: 'recording', as: 'switch', usual: false },
    TIMEOUT,
    attempts(2),
  ],
  rate: [TEXT, { name: 'thanks', as: 'words', may: true }, { ...TIMEOUT, usual: 8 }, attempts(2, 3)],
  business_call: [
    { name: 'connection', as: 'named', among: 'connections' },
    { name: 'method', as: 'one', of: ['GET', 'POST', 'PUT'], usual: 'POST' },
    { name: 'path', as: 'line', may: true, hint: '/lines/{line}/balance' },
    { name: 'body', as: 'json', may: true },
    { name: 'take', as: 'pairs' },
    { name: 'timeout_s', as: 'number', least: 0.2, most: 30, usual: 5, step: 0.1 },
    NEEDS,
  ],
  set: [{ name: 'values', as: 'pairs' }, { name: 'language', as: 'one', of: ['zh-CN', 'en'], may: true }, NEEDS],
  sub_flow: [{ name: 'flow', as: 'named', among: 'flows' }],
  condition: [
    { name: 'fact', as: 'one', of: FACTS, may: true },
    { name: 'variable', as: 'line', may: true, hint: 'a-z 0-9 _' },
    { name: 'queue', as: 'named', among: 'queues', may: true },
    { name: 'is_one_of', as: 'list', may: true },
    { name: 'at_least', as: 'bound', may: true },
    { name: 'at_most', as: 'bound', may: true },
  ],
  hours: [{ name: 'calendar', as: 'named', among: 'calendars' }],
  enqueue: [
    { name: 'queue', as: 'named', among: 'queues' },
    MAY_TEXT,
    { name: 'record', as: 'switch', usual: false },
    { name: 'priority', as: 'number', least: 0, most: 9, usual: 0 },
    { name: 'customer_kind', as: 'line', may: true, hint: 'a-z 0-9 _ -' },
  ],
  take_message: [
    TEXT,
    { name: 'consent', as: 'words' },
    { name: 'queue', as: 'named', among: 'queues' },
    { name: 'reminder', as: 'words', may: true },
    { name: 'wait_min', as: 'number', least: 1, most: 240, usual: 30 },
  ],
  return: [{ name: 'outcome', as: 'line', may: true, hint: 'a-z 0-9 -' }],
  hang_up: [MAY_TEXT],
};

/** A step as it is added: what must be there is, and its ways are open. `first` is the first of what it may name. */
export function newStep(kind: KnownKind, first: Readonly<Record<'queues' | 'calendars' | 'connections' | 'flows', string | undefined>>): Step {
  const empty: Record<string, unknown> = {};
  for (const field of FIELDS[kind]) {
    if (field.as === 'words' && field.may === undefined) empty[field.name] = {};
    else if (field.as === 'named' && field.may === undefined) empty[field.name] = first[field.among] ?? field.name;
    else if (field.as === 'one' && field.usual === undefined && field.may === undefined) empty[field.name] = field.of[0];
  }
  const more: Partial<Record<KnownKind, Record<string, unknown>>> = { collect: { into: 'answer' }, menu: { choices: { 1: NOWHERE } }, condition: { fact: 'channel', is_one_of: ['voice'] } };
  const open = Object.fromEntries((SHAPES[kind]?.needed ?? []).map((way) => [way, NOWHERE]));
  return { kind, ...empty, ...open, ...more[kind] };
}
