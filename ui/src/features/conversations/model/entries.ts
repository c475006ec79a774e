import type { Message, Note } from '@/shared/api/generated/types.gen';

export type Entry = { kind: 'message'; message: Message } | { kind: 'note'; note: Note };

export const momentOf = (entry: Entry): string => (entry.kind === 'note' ? entry.note.at : entry.message.at);
export const nameOfEntry = (entry: Entry): string => (entry.kind === 'note' ? entry.note.id : entry.message.id);

/** Adds a note at its place; one that is there already is replaced. */
export function withNote(notes: readonly Note[], note: Note): readonly Note[] {
  return [...notes.filter(({ id }) => id !== note.id), note].sort((a, b) => a.id.localeCompare(b.id));
}

/** Messages in their order, and each note before the first message that came after it. */
export function inOrder(messages: readonly Message[], notes: readonly Note[]): Entry[] {
  const entries: Entry[] = [];
  const waiting = [...notes];
  const before = (at: number) => waiting[0] !== undefined && Date.parse(waiting[0].at) < at;
  for (const message of messages) {
    while (before(Date.parse(message.at))) entries.push(...waiting.splice(0, 1).map(asEntry));
    entries.push({ kind: 'message', message });
  }
  return [...entries, ...waiting.map(asEntry)];
}

const asEntry = (note: Note): Entry => ({ kind: 'note', note });

/** Those of the chosen colleagues whose @name still stands in the text. */
export function mentioned(text: string, chosen: ReadonlyMap<string, string>): string[] {
  let left = text;
  // The longest first: who is called @李娜娜 is not @李娜, too.
  return [...chosen]
    .sort(([one], [other]) => other.length - one.length)
    .filter(([name]) => left !== (left = left.replaceAll(`@${name}`, '')))
    .map(([, id]) => id);
}
