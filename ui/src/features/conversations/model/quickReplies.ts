import pinyin from './pinyin.json';
import type { QuickReply } from '@/shared/api/generated/types.gen';

/** What a variable stands for; a name that is not here, or whose value nobody knows, is a gap for the agent. */
export type Values = Readonly<Partial<Record<'surname' | 'agent' | 'number' | 'tenant' | 'queue', string | undefined>>>;

const VARIABLE = /\{([^{}\n]{1,30})\}/g;
const GAP = /⟦[^⟦⟧\n]{1,40}⟧/;

/** The words with the variables filled and gaps marked ⟦so⟧. */
export function filled(text: string, values: Values): string {
  return text.replace(VARIABLE, (_, name: string) => {
    const value = values[name as keyof Values];
    return value === undefined || value === '' ? `⟦${name}⟧` : value;
  });
}

/** Where the first gap after a place is, or the first of all; null when none is left. */
export function nextGap(text: string, from = 0): { start: number; end: number } | null {
  for (const start of from > 0 ? [from, 0] : [0]) {
    const found = GAP.exec(text.slice(start));
    if (found !== null) return { start: start + found.index, end: start + found.index + found[0].length };
  }
  return null;
}

/** `/words` at the caret, which ask for a quick reply: at the beginning or after a blank, so that 1/2 does not. */
export function asked(text: string, caret: number): { start: number; query: string } | null {
  const found = /(?:^|\s)\/([^\s/]{0,30})$/.exec(text.slice(0, caret));
  return found === null ? null : { start: caret - (found[1]?.length ?? 0) - 1, query: found[1] ?? '' };
}

/** Each of these is the first character, in the order of pinyin, of those whose pinyin begins with its letter. */
const FIRSTS: string = pinyin.firsts;
const LETTERS = 'abcdefghjklmnopqrstwxyz';
const byPinyin = new Intl.Collator('zh-Hans-CN-u-co-pinyin');

/** The first letters of the pinyin of a text; other characters stay themselves, in small letters. */
export function initials(text: string): string {
  return Array.from(text.toLowerCase(), (char) => {
    if (!/\p{Script=Han}/u.test(char)) return char;
    let letter = '';
    for (const [at, first] of Array.from(FIRSTS).entries()) if (byPinyin.compare(char, first) >= 0) letter = LETTERS[at] ?? '';
    return letter || char;
  }).join('');
}

/** Those that a query finds – in the title, its pinyin initials, the group or the text – the best places first. */
export function found(replies: readonly QuickReply[], query: string, most = 8): QuickReply[] {
  const wanted = query.trim().toLowerCase();
  const rank = ({ title, group, text }: QuickReply): number => {
    if (wanted === '' || title.toLowerCase().startsWith(wanted) || initials(title).startsWith(wanted)) return 0;
    if (title.toLowerCase().includes(wanted) || initials(title).includes(wanted)) return 1;
    if (group.toLowerCase().includes(wanted) || initials(group).includes(wanted)) return 2;
    return text.toLowerCase().includes(wanted) ? 3 : 4;
  };
  return replies
    .map((reply) => ({ reply, place: rank(reply) }))
    .filter(({ place }) => place < 4)
    .sort((a, b) => a.place - b.place)
    .slice(0, most)
    .map(({ reply }) => reply);
}
