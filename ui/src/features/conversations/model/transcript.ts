import type { Message } from '../api/messages';

/** Adds a message at its place; one that is there already is replaced. */
export function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const rest = messages.filter((other) => other.id !== message.id);
  const last = rest.at(-1);
  if (last === undefined || last.seq < message.seq) return [...rest, message];
  return [...rest, message].sort((a, b) => a.seq - b.seq);
}

/** Whether messages are missing between what we hold and this one. */
export function leavesGap(messages: readonly Message[], message: Message): boolean {
  const last = messages.at(-1)?.seq ?? 0;
  return message.seq > last + 1;
}
