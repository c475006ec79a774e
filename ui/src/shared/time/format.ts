import type { Locale } from '../i18n/locale';

/**
 * 3:05 for minutes and seconds, 1:02:03 from an hour on; a minus sign (U+2212) when negative.
 * Parts of a second are dropped, as a running clock shows them.
 */
export function formatDuration(seconds: number): string {
  const total = Math.floor(Math.abs(seconds));
  const sign = seconds < 0 && total > 0 ? '\u2212' : '';
  const [h, m, s] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${sign}${h}:${two(m)}:${two(s)}` : `${sign}${m}:${two(s)}`;
}

/** Seconds between an RFC 3339 moment and now, never below zero. */
export function secondsSince(moment: string, now: number): number {
  return Math.max(0, (now - Date.parse(moment)) / 1000);
}

const DAY_MS = 86_400_000;

/** “tomorrow” rather than “in 1 day”. */
const relative = (locale: Locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: Locale, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  const known = cache.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options });
  cache.set(key, made);
  return made;
}

export function formatTime(moment: string | number, locale: Locale, zone: string): string {
  return formatter(locale, zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(moment));
}

export function formatTimeOfDay(moment: string | number, locale: Locale, zone: string): string {
  return formatter(locale, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(moment));
}

/** Chinese text has a space between characters and digits, which the browser leaves out. */
export function formatDay(moment: string | number, locale: Locale, zone: string): string {
  const format = formatter(locale, zone, { month: 'long', day: 'numeric', weekday: 'short' });
  const date = new Date(moment);
  if (locale !== 'zh-CN') return format.format(date);
  return format.formatToParts(date).map((part) => part.value).join(' ');
}

/** 11-26, in the order that sorts; with the year when it is not this year. */
export function formatShortDay(moment: string | number, zone: string, now: number): string {
  const day = (at: string | number) => formatter('en', zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date(at));
  const part = (parts: Intl.DateTimeFormatPart[], type: string) => parts.find((p) => p.type === type)?.value ?? '';
  const [then, today] = [day(moment), day(now)];
  const short = `${part(then, 'month')}-${part(then, 'day')}`;
  return part(then, 'year') === part(today, 'year') ? short : `${part(then, 'year')}-${short}`;
}

/** How many turns of the year lie between a day (2026-01-31) and now. */
export function yearsSince(day: string, zone: string, now: number): number {
  return Number(formatter('en', zone, { year: 'numeric' }).format(now)) - Number(day.slice(0, 4));
}

/** A moment to come as people say it: today or tomorrow and the hour, else weekday, day and hour. */
export function formatComing(moment: string | number, locale: Locale, zone: string, now: number): string {
  const day = formatShortDay(moment, zone, now);
  const away = [0, 1].find((days) => day === formatShortDay(now + days * DAY_MS, zone, now));
  const said = away === undefined ? formatDay(moment, locale, zone) : relative(locale).format(away, 'day');
  return `${said}${locale === 'en' ? ' at ' : ' '}${formatTime(moment, locale, zone)}`;
}

/** The time alone for today, day and time otherwise. */
export function formatMoment(moment: string | number, locale: Locale, zone: string, now: number): string {
  const day = formatShortDay(moment, zone, now);
  const time = formatTime(moment, locale, zone);
  return day === formatShortDay(now, zone, now) ? time : `${day} ${time}`;
}
