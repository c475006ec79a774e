import type { Disposition } from '@/shared/api/generated/types.gen';
import type { Locale } from '@/shared/i18n/locale';
import { initials } from './quickReplies';

export const nameOf = ({ name, name_en }: Pick<Disposition, 'name' | 'name_en'>, language: Locale): string => (language === 'en' ? name_en : name);

/** From the category down to the code itself; empty for a code that nobody knows. */
export function wayTo(code: string, tree: readonly Disposition[]): Disposition[] {
  const way: Disposition[] = [];
  for (let at = tree.find((one) => one.code === code); at !== undefined && !way.includes(at); ) {
    way.unshift(at);
    const { parent } = at;
    at = tree.find((one) => one.code === parent);
  }
  return way;
}

/** Something that may be chosen, with the way to it. */
export interface Choice {
  code: string;
  way: readonly Disposition[];
}

/**
 * What may be chosen for a contact of this queue, in the order of the tree: what is in use and has nothing in use below
 * it. A branch that is for other queues is left out, unless nothing else is left; the server refuses it, too.
 */
export function choices(tree: readonly Disposition[], queueId: string | null): Choice[] {
  const used = tree.filter(({ code }) => wayTo(code, tree).every(({ retired }) => !retired));
  const below = (parent: string | null): Disposition[] => used.filter((one) => one.parent === parent);
  const leaves = (node: Disposition): Disposition[] => {
    const children = below(node.code);
    return children.length === 0 ? [node] : children.flatMap(leaves);
  };
  const all = below(null)
    .flatMap(leaves)
    .map(({ code }) => ({ code, way: wayTo(code, tree) }));
  const meant = all.filter(({ way }) => way.every(({ queue_ids }) => queue_ids.length === 0 || (queueId !== null && queue_ids.includes(queueId))));
  return meant.length > 0 ? meant : all;
}

/** Whether every word of a query is somewhere on the way: in a name of either language, its pinyin initials, the code. */
export function fits(query: string, way: readonly Disposition[]): boolean {
  const names = way.flatMap(({ name, name_en }) => [name.toLowerCase(), initials(name), name_en.toLowerCase()]);
  const code = way.at(-1)?.code ?? '';
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => code.includes(word) || names.some((name) => name.includes(word)));
}

const MOST_RECENT = 5;

/** The codes that were used last, this one first. */
export const withRecent = (code: string, recent: readonly string[]): string[] => [code, ...recent.filter((one) => one !== code)].slice(0, MOST_RECENT);

/** The codes to move a sibling up (-1) or down (1) by one; null where it cannot go. */
export function moved(siblings: readonly string[], code: string, step: -1 | 1): string[] | null {
  const from = siblings.indexOf(code);
  const other = siblings[from + step];
  if (from < 0 || other === undefined) return null;
  return siblings.map((one) => (one === code ? other : one === other ? code : one));
}
