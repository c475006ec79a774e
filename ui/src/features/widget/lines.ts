import type { Pending } from '@/shared/conversations/outbox';
import { errorSentence } from '@/shared/http/errorSentence';
import { catalogue, translate, type Params } from '@/shared/i18n/catalogue';
import { locale } from '@/shared/i18n/locale';
import { formatMoment } from '@/shared/time/format';
import { getTimeZone } from '@/shared/time/zone';
import type { VisitorMessage } from '@/shared/visitor/protocol';
import type { ChatView } from '@/shared/visitor/chatView';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { authorText, noticeText, pendingText, queueKept, queueText, ratingDone, ratingTitle, SCORES, scoreText, sentText, stateText } from '@/shared/visitor/words';
import { button, element, redraw, type Line } from './element';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

const messages = catalogue(zh, en);

export const say = (key: keyof typeof zh, params?: Params): string => translate(messages, locale.get(), key, params);

function line(message: VisitorMessage, before: VisitorMessage | undefined, view: ChatView): Line[] {
  const language = locale.get();
  // What we sent keeps the name that it had on its way.
  const key = message.client_id ?? message.id;
  if (message.kind === 'notice') {
    const text = noticeText(message, language);
    return text === null ? [] : [{ key, look: 'notice', text }];
  }
  if (message.author === 'customer') {
    const fate = sentText(message, view, language);
    return [{ key, look: 'mine', text: message.text }, ...(fate === null ? [] : [{ key: `${key} fate`, look: 'fate', text: fate }])];
  }
  const said = { key, look: 'theirs', text: message.text };
  const when = formatMoment(message.at, language, getTimeZone(), Date.now());
  const first = before?.author !== message.author || before.kind === 'notice';
  return first ? [{ key: `${key} author`, look: `author ${message.author}`, text: `${authorText(message, language)} · ${when}` }, said] : [said];
}

function pendingLines({ clientId: key, text, state, error }: Pending, chat: VisitorChat): Line[] {
  const language = locale.get();
  const why = state === 'failed' ? ` · ${errorSentence(error, language)}` : '';
  const shown = [
    { key, look: `mine ${state}`, text },
    { key: `${key} fate`, look: 'fate', text: pendingText(state, language) + why },
  ];
  const choices = () => [button(say('retry'), 'plain', () => chat.retry(key)), button(say('discard'), 'plain', () => chat.discard(key))];
  return state === 'failed' ? [...shown, { key: `${key} choices ${language}`, look: 'choices', inside: choices }] : shown;
}

/** What was said and what is on its way. */
export function drawLines(log: HTMLElement, view: ChatView, chat: VisitorChat): void {
  const said = view.messages.flatMap((message, index) => line(message, view.messages[index - 1], view));
  const lines = [...said, ...view.pending.flatMap((entry) => pendingLines(entry, chat))];
  redraw(log, lines.length > 0 ? lines : [{ key: 'empty', look: 'notice', text: say('empty') }]);
}

/** The place in the queue, or the five stars of a rating; nothing otherwise. */
export function card({ now, rated }: ChatView, rate: (interactionId: string, score: number) => void): Node[] {
  const language = locale.get();
  if (now.state === 'queued') {
    const head = queueText(now.queue_position, language) ?? stateText(now, language);
    return [element('div', { class: 'card' }, element('strong', {}, head), element('p', {}, queueKept(language)))];
  }
  const { interaction_id: id, rating_open: open } = now;
  if (id !== null && id === rated && now.state === 'ended') return [element('p', { class: 'notice' }, ratingDone(language))];
  if (!open || id === null) return [];
  const stars = SCORES.map((score) => {
    const star = button('★'.repeat(score), 'score', () => rate(id, score));
    star.append(element('span', {}, scoreText(score, language)));
    return star;
  });
  return [element('div', { class: 'card' }, element('strong', {}, ratingTitle(language)), ...stars.reverse())];
}
