import { Blocks, CalendarClock, CornerUpLeft, DatabaseZap, FileCheck2, Hash, KeyRound, ListOrdered, Mail, PhoneOff, Puzzle, Rows3, Split, Star, Variable, Volume2, type LucideIcon } from 'lucide-react';

export type Group = 'say' | 'ask' | 'act' | 'decide' | 'person' | 'end';

interface Kind {
  icon: LucideIcon;
  group: Group;
}

/** The kinds of steps that this editor knows, in the order in which they are offered. */
export const KINDS = {
  say: { icon: Volume2, group: 'say' },
  menu: { icon: ListOrdered, group: 'ask' },
  collect: { icon: Hash, group: 'ask' },
  service_password: { icon: KeyRound, group: 'ask' },
  consent: { icon: FileCheck2, group: 'ask' },
  rate: { icon: Star, group: 'ask' },
  business_call: { icon: DatabaseZap, group: 'act' },
  set: { icon: Variable, group: 'act' },
  sub_flow: { icon: Blocks, group: 'act' },
  condition: { icon: Split, group: 'decide' },
  hours: { icon: CalendarClock, group: 'decide' },
  enqueue: { icon: Rows3, group: 'person' },
  take_message: { icon: Mail, group: 'person' },
  return: { icon: CornerUpLeft, group: 'end' },
  hang_up: { icon: PhoneOff, group: 'end' },
} as const satisfies Record<string, Kind>;

export type KnownKind = keyof typeof KINDS;

export const isKnown = (kind: string): kind is KnownKind => Object.hasOwn(KINDS, kind);

/** How a step looks; of a kind that is newer than this editor like a piece that does not fit yet. */
export const lookOf = (kind: string): Kind => (isKnown(kind) ? KINDS[kind] : { icon: Puzzle, group: 'act' });
