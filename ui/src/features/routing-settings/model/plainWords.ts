import type { QueueRulesShown, RelaxationShown } from '@/shared/api/generated/types.gen';
import { knows, type Catalogue, type Params } from '@/shared/i18n/catalogue';
import type { QueueFields } from '../api/queues';
import { durationWords } from './duration';

/** Names by id or code, for what settings only refer to. */
export interface Names {
  skill: (code: string) => string;
  queue: (id: string) => string;
  calendar: (id: string) => string;
}

type Say = (key: string, params?: Params) => string;

/** A translator that takes keys as they come out of the rules below; an unknown one is a mistake that a test finds. */
export function sayer<Key extends string>(messages: Catalogue<Key>, t: (key: Key, params?: Params) => string): Say {
  return (key, params) => (knows(messages, key) ? t(key, params) : key);
}

/** What the settings of a queue do, one sentence each, in the order in which a contact meets them. */
export function plainWords(queue: QueueFields, say: Say, names: Names): string[] {
  const { rules } = queue;
  const time = (seconds: number) => say(...durationWords(seconds));
  const list = (words: string[]) => words.join(say('words.list'));
  const needs = queue.needs.map(({ skill, level }) => say('words.need', { skill: names.skill(skill), level }));
  return [
    rules.closed ? say('words.closed') : typeof rules.calendar_id === 'string' ? say('words.hours', { calendar: names.calendar(rules.calendar_id) }) : say('words.always'),
    needs.length === 0 ? say('words.anybody') : say('words.needs', { needs: list(needs) }),
    say(`words.strategy.${rules.strategy}`),
    rules.preferred_wait_s > 0 ? say('words.preferred', { time: time(rules.preferred_wait_s) }) : '',
    say('words.target', { share: `${Math.round(queue.target * 100)}%`, time: time(queue.target_seconds) }),
    rules.priority_step_s > 0 ? say('words.priority', { time: time(rules.priority_step_s), most: time(9 * rules.priority_step_s) }) : say('words.no_priority'),
    ...rules.relaxation.map((step) => relaxed(step, say, names, time)),
    say('words.ring', { time: time(queue.ring_seconds) }),
    rules.decline_pause_s > 0 ? say('words.decline_pause', { time: time(rules.decline_pause_s) }) : say('words.no_decline_pause'),
    rules.set_aside_s === null ? say('words.until_ready') : say('words.set_aside', { time: time(rules.set_aside_s) }),
    queue.wrap_up_seconds > 0 ? say('words.wrap_up', { time: time(queue.wrap_up_seconds) }) : say('words.no_wrap_up'),
    limits(rules, say, names, time),
  ].filter((sentence) => sentence !== '');
}

function relaxed(step: RelaxationShown, say: Say, names: Names, time: (seconds: number) => string): string {
  const gives = [
    step.lower_by ? say('words.lower', { n: step.lower_by }) : '',
    step.drop?.length ? say('words.drop', { skills: step.drop.map(names.skill).join(say('words.list')) }) : '',
    step.join?.length ? say('words.join', { queues: step.join.map(names.queue).join(say('words.list')) }) : '',
  ].filter((part) => part !== '');
  return gives.length === 0 ? '' : say('words.relaxed', { time: time(step.after_s), gives: clauses(gives, say) });
}

/** Two with the word between them, more with commas before that. */
const clauses = (parts: string[], say: Say) => [parts.slice(0, -1).join(say('words.comma')), ...parts.slice(-1)].filter((part) => part !== '').join(say('words.and'));

function limits(rules: QueueRulesShown, say: Say, names: Names, time: (seconds: number) => string): string {
  const limit = [
    rules.max_waiting === null ? '' : say('words.max_waiting', { n: rules.max_waiting }),
    rules.max_wait_s === null ? '' : say('words.max_wait', { time: time(rules.max_wait_s) }),
  ].filter((part) => part !== '');
  const then = rules.overflow === 'queue' ? say('words.then.queue', { queue: rules.overflow_to === null ? '…' : names.queue(rules.overflow_to) }) : say(`words.then.${rules.overflow}`);
  return limit.length === 0 ? say('words.no_limit', { then }) : say('words.limits', { limit: limit.join(say('words.or')), then });
}
