import type { Definition, Step } from '@/features/flows/model/definition';
import { madeUp } from './madeUp';

/** A flow of menus, conditions, queues and ends, with circles, and with ways that lead nowhere. */
export function madeUpFlow(seed: number): Definition {
  const below = madeUp(seed);
  const names = Array.from({ length: 1 + below(24) }, (_, at) => `s${at}`);
  const any = () => (below(12) === 0 ? 'gone' : (names[below(names.length)] ?? 's0'));
  const step = (): Step => {
    switch (below(5)) {
      case 0:
        return { kind: 'menu', text: { 'zh-CN': 'x' }, choices: Object.fromEntries(Array.from({ length: below(5) }, (_, key) => [String(key), any()])), otherwise: any() };
      case 1:
        return { kind: 'condition', fact: 'channel', is_one_of: ['voice'], then: any(), otherwise: any() };
      case 2:
        return { kind: 'enqueue', queue: 'q', next: any(), lost: any(), ...(below(2) === 0 ? { overflow: any() } : {}) };
      case 3:
        return { kind: 'say', text: { 'zh-CN': 'x' }, next: any(), ...(below(3) === 0 ? { failed: any() } : {}) };
      default:
        return { kind: 'hang_up' };
    }
  };
  return { start: 's0', safety: names.at(-1) ?? 's0', steps: Object.fromEntries(names.map((name) => [name, step()])) };
}
