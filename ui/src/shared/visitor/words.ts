/** What portal and widget both say about a chat. */
import { catalogue, knows, translate, type Params } from '../i18n/catalogue';
import type { Locale } from '../i18n/locale';
import type { Pending } from '../conversations/pending';
import { holdsVisitorsDraft } from '../storage/drafts';
import { formatComing, formatDay, formatTime } from '../time/format';
import { getTimeZone } from '../time/zone';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import { isLive, type ChatNow, type VisitorMessage } from './protocol';
import type { ChatView } from './chatView';

const messages = catalogue(zh, en);
export const say = (language: Locale, key: keyof typeof zh, params?: Params) => translate(messages, language, key, params);

/** A day and an hour in the time of the centre: tomorrow as seen from `now`, or, where that is kept, by the date. */
const when = (moment: string, language: Locale, now: number | null): string =>
  now === null || Date.parse(moment) < now
    ? `${formatDay(moment, language, getTimeZone())} ${formatTime(moment, language, getTimeZone())}`
    : formatComing(moment, language, getTimeZone(), now);

/** What is said of a message that is asked for or left, which depends on when somebody is there again. */
function letterText({ code, params }: VisitorMessage, language: Locale, now: number | null): string | null {
  const { because, number, reach } = params ?? {};
  const time = typeof params?.opens_at === 'string' ? when(params.opens_at, language, now) : null;
  if (code === 'message-asked-for') {
    if (because === 'busy') return say(language, 'asked.busy');
    return time === null ? say(language, 'asked.closed') : say(language, 'asked.closed_at', { time });
  }
  if (code !== 'message-left' || typeof number !== 'string' || typeof reach !== 'string') return null;
  return time === null ? say(language, 'left.soon', { number, reach }) : say(language, 'left.at', { number, reach, time });
}

/** That nobody is there, before anybody has asked; null while somebody is, or nobody knows. */
export function openingText({ opening, now }: ChatView, language: Locale, at: number): string | null {
  if (opening === null || opening.open || (now.state !== 'none' && now.state !== 'ended')) return null;
  if (opening.opens_at === null) return say(language, 'opening.unknown');
  return Date.parse(opening.opens_at) <= at ? null : say(language, 'opening.at', { time: when(opening.opens_at, language, at) });
}

/** A notice in words, as it is read now, or (null) at any time; null for a code that is newer than this page. */
export function noticeText(message: VisitorMessage, language: Locale, now: number | null): string | null {
  const letter = letterText(message, language, now);
  if (letter !== null) return letter;
  const key = `notice.${message.code ?? ''}`;
  if (!knows(messages, key)) return null;
  const params = Object.entries(message.params ?? {}).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  return say(language, key, Object.fromEntries(params));
}

/** What page and widget are headed with. */
export const serviceText = ({ service }: ChatView, language: Locale): string =>
  service === null ? say(language, 'service.unnamed') : say(language, 'service.named', { centre: service.hotline ?? service.name });

export const stateText = (now: ChatNow, language: Locale): string => say(language, `state.${now.state}`);

/** Null while nobody knows the place. */
export function queueText(position: number | null, language: Locale): string | null {
  if (position === null) return null;
  return position <= 1 ? say(language, 'queue.next') : say(language, 'queue.ahead', { n: position - 1 });
}

/** Null while nothing is known that is worth a word. */
export const waitText = ({ wait }: ChatNow, language: Locale): string | null =>
  wait === null ? null : say(language, `wait.${wait.word}`, { n: wait.minutes });

export const queueKept = (language: Locale): string => say(language, 'queue.kept');

export const forgottenText = (n: number, language: Locale): string => say(language, 'pending.forgotten', { n });
export const pendingText = (state: Pending['state'], language: Locale): string => say(language, `fate.${state}`);

/** What is lost when the customer leaves this device now. */
export const lostByLeaving = ({ now, pending }: ChatView, language: Locale): string[] => [
  say(language, 'leave.what'),
  ...(isLive(now) ? [say(language, 'leave.live')] : []),
  ...(pending.length > 0 ? [say(language, 'leave.unsent', { n: pending.length })] : []),
  ...(holdsVisitorsDraft() ? [say(language, 'leave.draft')] : []),
];

/** What became of the customer's last message; nothing is said of those before it. */
export function sentText(message: VisitorMessage, view: ChatView, language: Locale): string | null {
  const lastOwn = view.messages.findLast((other) => other.author === 'customer');
  if (message.id !== lastOwn?.id) return null;
  return say(language, message.seq <= view.agentReadSeq ? 'fate.read' : 'fate.sent');
}

/** Who speaks on the other side. */
export function authorText(message: VisitorMessage, language: Locale): string {
  if (message.author === 'bot') return say(language, 'author.bot');
  return message.author_name ?? say(language, 'author.agent');
}

export const SCORES = [1, 2, 3, 4, 5] as const;
export const scoreText = (score: (typeof SCORES)[number], language: Locale): string => say(language, `score.${score}`);
export const ratingTitle = (language: Locale): string => say(language, 'rating.title');
export const ratingDone = (language: Locale): string => say(language, 'rating.done');
export const saveText = (language: Locale): string => say(language, 'transcript.save');
export const saveKindText = (kind: 'text' | 'html', language: Locale): string => say(language, `transcript.${kind}`);
export const offlineText = (language: Locale): string => say(language, 'link.offline');
