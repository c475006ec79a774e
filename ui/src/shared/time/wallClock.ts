/** What a clock on the wall of the centre shows, for fields in which a day and an hour are typed. */

const shown = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = shown.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
  shown.set(zone, made);
  return made;
}

/** 2026-01-31T09:00, as a field of day and hour takes it. */
export function toWallClock(moment: number, zone: string): string {
  const parts = formatter(zone).formatToParts(new Date(moment));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/** The moment of 2026-01-31T09:00 in a zone; NaN for what is no such thing. Where the clock leaves it out, about an hour off. */
export function fromWallClock(typed: string, zone: string): number {
  const plain = Date.parse(`${typed}Z`);
  if (Number.isNaN(plain)) return plain;
  const ahead = (at: number) => Date.parse(`${toWallClock(at, zone)}Z`) - at;
  return plain - ahead(plain - ahead(plain));
}
