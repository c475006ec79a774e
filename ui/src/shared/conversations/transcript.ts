/** What a list of messages needs to know of each; `seq` counts from 1 without gaps within a conversation. */
interface Numbered {
  readonly id: string;
  readonly seq: number;
}

/** Adds a message at its place; one that is there already is replaced. */
export function withMessage<M extends Numbered>(messages: readonly M[], message: M): readonly M[] {
  const rest = messages.filter((other) => other.id !== message.id);
  const last = rest.at(-1);
  if (last === undefined || last.seq < message.seq) return [...rest, message];
  return [...rest, message].sort((a, b) => a.seq - b.seq);
}

/** Whether messages are missing between what we hold and this one. */
export function leavesGap(messages: readonly Numbered[], message: Numbered): boolean {
  const last = messages.at(-1)?.seq ?? 0;
  return message.seq > last + 1;
}

/** The number up to which nothing is missing: a message that overtook others must not hide them. */
export function lastWithoutGap(messages: readonly { readonly seq: number }[]): number {
  let last = 0;
  for (const { seq } of messages) {
    if (seq !== last + 1) break;
    last = seq;
  }
  return last;
}
