import { CHOICE, fitted, formatSize, type Attachment } from '@/shared/conversations/attachments';
import { shownState, type Pending } from '@/shared/conversations/pending';
import { errorSentence } from '@/shared/http/errorSentence';
import { locale } from '@/shared/i18n/locale';
import type { VisitorMessage } from '@/shared/visitor/protocol';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { button, drawn, element, type Line } from './element';
import { player } from './player';
import { say } from './say';
import { playerWords } from './voiceButton';

const SIDE = 220;

/** A picture with its room kept before it is there, or the name of a file; where it is, is asked for when needed. */
export function sentFile(message: VisitorMessage, attachment: Attachment, chat: VisitorChat): Node[] {
  const link = () => chat.files.link(attachment.id);
  if (message.kind === 'voice') return [player(attachment.duration_ms ?? 0, link, playerWords())];
  const name = message.text;
  const place = element('a', { class: 'file', href: '#', target: '_blank', rel: 'noopener noreferrer', 'aria-label': say('open_file', { name }) });
  place.addEventListener('click', (event) => {
    event.preventDefault();
    // A window that is opened later than the click would be kept from opening.
    const opened = window.open('about:blank', '_blank');
    link().then(
      (address) => {
        if (opened === null) return;
        opened.opener = null;
        opened.location.href = address;
      },
      () => opened?.close(),
    );
  });
  if (message.kind !== 'picture') {
    place.append(element('span', {}, name), element('small', {}, formatSize(attachment.size)));
    return [place];
  }
  const { width, height } = fitted(attachment, SIDE);
  const picture = element('img', { alt: name, width: String(width), height: String(height) });
  const load = () => link().then((address) => picture.setAttribute('src', address), () => undefined);
  picture.addEventListener('error', () => setTimeout(() => void load(), 3000), { once: true });
  void load();
  place.append(picture);
  return [place];
}

/** A file on its way. */
export function uploadLines(entry: Pending, all: readonly Pending[], chat: VisitorChat): Line[] {
  const { clientId: key, text: name, progress, error } = entry;
  const state = shownState(entry, all);
  const language = locale.get();
  const fate = state === 'failed' ? errorSentence(error, language) : say(`upload.${state}`);
  const choices = () => [
    ...(state === 'failed' ? [button(say('retry'), 'plain', () => chat.retry(key))] : []),
    button(say('cancel'), 'plain', () => chat.discard(key)),
  ];
  return [
    { key, look: `mine ${state === 'failed' ? state : 'waiting'}`, text: name },
    { key: `${key} fate`, look: 'fate', text: fate },
    // It stands in a log that is read out: how far it is is only shown.
    ...(state === 'sending' ? [{ key: `${key} bar`, look: 'bar', share: progress, label: name }] : []),
    { key: `${key} choices ${state} ${language}`, look: 'choices', inside: choices },
  ];
}

/** Opens the chooser: on a phone it offers camera, gallery and files. */
export function attachButton(chat: VisitorChat): { field: HTMLInputElement; attach: HTMLButtonElement } {
  const field = element('input', { type: 'file', accept: CHOICE, multiple: '', hidden: '' });
  field.addEventListener('change', () => {
    sendAll(chat, field.files);
    field.value = '';
  });
  return { field, attach: drawn(['M4 5h16v14H4z', 'M4 16l5-5 4 4 3-3 4 4', 'M15.5 9h.01'], () => field.click()) };
}

export function sendAll(chat: VisitorChat, files: ArrayLike<File> & Iterable<File> | null | undefined): boolean {
  for (const file of files ?? []) chat.files.send(file, file.name);
  return (files?.length ?? 0) > 0;
}
