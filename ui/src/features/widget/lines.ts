import type { Pending } from '@/shared/conversations/pending';
import { errorSentence } from '@/shared/http/errorSentence';
import { locale } from '@/shared/i18n/locale';
import { formatMoment } from '@/shared/time/format';
import { getTimeZone } from '@/shared/time/zone';
import type { VisitorMessage } from '@/shared/visitor/protocol';
import type { ChatView } from '@/shared/visitor/chatView';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { save } from '@/shared/files/save';
import { transcriptFile } from '@/shared/visitor/transcriptFile';
import { authorText, forgottenText, noticeText, pendingText, queueKept, queueText, ratingDone, ratingTitle, saveKindText, saveText, SCORES, say as words, scoreText, sentText, stateText, waitText } from '@/shared/visitor/words';
import { button, element, redraw, type Line } from './element';
import { sentFile, uploadLines } from './files';
import { say } from './say';

function line(message: VisitorMessage, before: VisitorMessage | undefined, view: ChatView, chat: VisitorChat): Line[] {
  const language = locale.get();
  // What we sent keeps the name that it had on its way.
  const key = message.client_id ?? message.id;
  if (message.kind === 'notice') {
    const text = noticeText(message, language, Date.now());
    return text === null ? [] : [{ key, look: message.code === 'message-left' ? 'card' : 'notice', text }];
  }
  const { attachment } = message;
  const content = (look: string): Line =>
    attachment === null
      ? { key, look, text: message.text }
      : { key: `${key} ${message.kind}`, look: `sent ${look}`, inside: () => sentFile(message, attachment, chat) };
  if (message.author === 'customer') {
    const fate = sentText(message, view, language);
    return [content('mine'), ...(fate === null ? [] : [{ key: `${key} fate`, look: 'fate', text: fate }])];
  }
  const said = content('theirs');
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

/** Of somebody who was here before; what it was, nobody else reads. */
function forgottenLines(many: number, chat: VisitorChat): Line[] {
  const hide = () => [button(say('hide'), 'plain', () => chat.hideForgotten())];
  return [
    { key: 'forgotten', look: 'notice', text: forgottenText(many, locale.get()) },
    { key: `forgotten hide ${locale.get()}`, look: 'choices', inside: hide },
  ];
}

/** What was said and what is on its way. */
export function drawLines(log: HTMLElement, view: ChatView, chat: VisitorChat): void {
  const said = view.messages.flatMap((message, index) => line(message, view.messages[index - 1], view, chat));
  const pending = view.pending.flatMap((entry) => (entry.file === null ? pendingLines(entry, chat) : uploadLines(entry, view.pending, chat)));
  const forgotten = view.forgotten > 0 ? forgottenLines(view.forgotten, chat) : [];
  const left: Line[] = view.left === null ? [] : [{ key: 'left', look: 'notice', text: words(locale.get(), `gone.${view.left}`) }];
  const lines = [...left, ...said, ...pending, ...forgotten];
  redraw(log, lines.length > 0 ? lines : [{ key: 'empty', look: 'notice', text: say('empty') }]);
}

/** The place in the queue, or the five stars of a rating; nothing otherwise. */
export function card(view: ChatView, rate: (interactionId: string, score: number) => void, latest: () => ChatView): Node[] {
  const { now, rated } = view;
  const language = locale.get();
  if (now.state === 'queued') {
    const head = queueText(now.queue_position, language) ?? stateText(now, language);
    const wait = waitText(now, language);
    const rest = [...(wait === null ? [] : [wait]), queueKept(language)].map((words) => element('p', {}, words));
    return [element('div', { class: 'card' }, element('strong', {}, head), ...rest)];
  }
  const { interaction_id: id, rating_open: open } = now;
  if (id !== null && id === rated && now.state === 'ended') return [element('p', { class: 'notice' }, ratingDone(language)), keep(latest)];
  if (!open || id === null) return now.state === 'ended' ? [keep(latest)] : [];
  const stars = SCORES.map((score) => {
    const star = button('★'.repeat(score), 'score', () => rate(id, score));
    star.append(element('span', {}, scoreText(score, language)));
    return star;
  });
  return [element('div', { class: 'card' }, element('strong', {}, ratingTitle(language)), ...stars.reverse()), keep(latest)];
}

/** What was said, to keep. */
function keep(latest: () => ChatView): Node {
  const language = locale.get();
  const kinds = (['text', 'html'] as const).map((kind) =>
    button(saveKindText(kind, language), 'plain', () => save(transcriptFile(latest(), kind, language, Date.now()))),
  );
  return element('div', { class: 'keep' }, saveText(language), ...kinds);
}
