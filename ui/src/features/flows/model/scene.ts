import type { BusinessInScene, SceneWanted } from '@/shared/api/generated/types.gen';
import type { Definition } from './definition';

export type Served = NonNullable<SceneWanted['served']>[number];
export type Password = NonNullable<SceneWanted['passwords']>[number];
export type Standing = 'open' | 'closed' | 'holiday';

/** What is made up before a trial begins. */
export interface Setup {
  readonly channel: 'voice' | 'webchat';
  readonly language: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly hours: Standing;
  readonly waiting: number;
  readonly ready: number;
}

export const FIRST_SETUP: Setup = { channel: 'voice', language: 'zh-CN', facts: { 'customer.known': 'yes', 'time.clock': '10:00' }, hours: 'open', waiting: 0, ready: 1 };

/** What whoever tries it has done, in order. */
export type Move =
  | { readonly what: 'answer'; readonly words: string }
  | { readonly what: 'business'; readonly answer: BusinessInScene }
  | { readonly what: 'password'; readonly found: Password }
  | { readonly what: 'served'; readonly how: Served }
  | { readonly what: 'way'; readonly step: string; readonly way: string };

/** As the simulator takes it: it plays everything again from the beginning, as far as the moves reach. */
export function sceneOf({ steps }: Definition, setup: Setup, moves: readonly Move[]): SceneWanted {
  const named = (field: string) => [...new Set(Object.values(steps).flatMap((step) => (typeof step[field] === 'string' && step[field] !== '' ? [step[field]] : [])))];
  const facts = Object.entries({ channel: setup.channel, language: setup.language, ...setup.facts }).filter(([, value]) => value !== '');
  return {
    channel: setup.channel,
    language: setup.language,
    facts: Object.fromEntries(facts),
    calendars: Object.fromEntries(named('calendar').slice(0, 50).map((name) => [name, setup.hours])),
    queues: Object.fromEntries(named('queue').slice(0, 50).map((code) => [code, { waiting: setup.waiting, ready: setup.ready, wait_s: setup.ready === 0 ? null : 60 * setup.waiting }])),
    answers: moves.flatMap((move) => (move.what === 'answer' ? [move.words] : [])),
    business: moves.flatMap((move) => (move.what === 'business' ? [move.answer] : [])),
    passwords: moves.flatMap((move) => (move.what === 'password' ? [move.found] : [])),
    served: moves.flatMap((move) => (move.what === 'served' ? [move.how] : [])),
    ways: Object.fromEntries(moves.flatMap((move) => (move.what === 'way' ? [[move.step, move.way]] : []))),
  };
}
