import { errorSentence } from '@/shared/http/errorSentence';
import { catalogue, translate, type Params } from '@/shared/i18n/catalogue';
import { locale } from '@/shared/i18n/locale';
import { formatMoment } from '@/shared/time/format';
import type { VisitorMessage } from '@/shared/visitor/protocol';
import type { ChatView } from '@/shared/visitor/chatView';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { authorText, noticeText, pendingText, queueKept, queueText, ratingDone, ratingTitle, SCORES, scoreText, sentText, stateText } from '@/shared/visitor/words';
import { button, element } from './element';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

const messages = catalogue(zh, en);

export const say = (key: keyof typeof zh, params?: Params): string => translate(messages, locale.get(), key, params);

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function line(message: VisitorMessage, before: VisitorMessage | undefined, view: ChatView): Node[] {
  const language = locale.get();
  if (message.kind === 'notice') {
    const text = noticeText(message, language);
    return text === null ? [] : [element('p', { class: 'notice' }, text)];
  }
  if (message.author === 'customer') {
    const fate = sentText(message, view, language);
    return [element('p', { class: 'mine' }, message.text), ...(fate === null ? [] : [element('p', { class: 'fate' }, fate)])];
  }
  const said = element('p', { class: 'theirs' }, message.text);
  const when = formatMoment(message.at, language, zone, Date.now());
  const first = before?.author !== message.author || before.kind === 'notice';
  return first ? [element('p', { class: `author ${message.author}` }, `${authorText(message, language)} · ${when}`), said] : [said];
}

/** What was said and what is on its way, as elements. */
export function lines(view: ChatView, chat: VisitorChat): Node[] {
  const language = locale.get();
  const nodes = view.messages.flatMap((message, index) => line(message, view.messages[index - 1], view));
  for (const entry of view.pending) {
    nodes.push(element('p', { class: `mine ${entry.state}` }, entry.text));
    const why = entry.state === 'failed' ? ` · ${errorSentence(entry.error, language)}` : '';
    nodes.push(element('p', { class: 'fate' }, pendingText(entry.state, language) + why));
    if (entry.state === 'failed') {
      const choices = [button(say('retry'), 'plain', () => chat.retry(entry.clientId)), button(say('discard'), 'plain', () => chat.discard(entry.clientId))];
      nodes.push(element('div', { class: 'choices' }, ...choices));
    }
  }
  return nodes.length > 0 ? nodes : [element('p', { class: 'notice' }, say('empty'))];
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
