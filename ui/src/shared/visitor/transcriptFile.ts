import type { Locale } from '../i18n/locale';
import { formatDuration, formatShortDay, formatTimeOfDay } from '../time/format';
import { getTimeZone } from '../time/zone';
import type { ChatView } from './chatView';
import type { VisitorMessage } from './protocol';
import { authorText, noticeText, say, serviceText } from './words';

export type TranscriptKind = 'text' | 'html';

interface Entry {
  readonly at: string;
  readonly who: string;
  readonly words: string;
}

/** What the customer saw, to keep: own words, the agents under the names that were shown, times of the centre. */
export function transcriptFile(view: ChatView, kind: TranscriptKind, language: Locale, now: number): File {
  const zone = getTimeZone();
  const moment = (at: string | number) => `${formatShortDay(at, zone, 0)} ${formatTimeOfDay(at, language, zone)}`;
  const title = say(language, 'transcript.title', { centre: serviceText(view, language) });
  const made = say(language, 'transcript.made', { time: moment(now), zone });
  const entries = view.messages.flatMap((message): Entry[] => {
    const words = wordsOf(message, language);
    return words === null ? [] : [{ at: moment(message.at), who: whoSaid(message, language), words }];
  });
  const name = `${title} ${moment(now).slice(0, 10)}`;
  if (kind === 'html') return new File([page(title, made, entries, language)], `${name}.html`, { type: 'text/html' });
  // A line of somebody's words that begins like an entry must not be taken for one.
  const lines = [title, made, '', ...entries.map(({ at, who, words }) => `${at}  ${who}: ${words.replace(/\r\n?|[\n\u0085\u2028\u2029]/g, '\r\n    ')}`), ''];
  // The mark lets programs that guess know that it is UTF-8.
  return new File(['\uFEFF', lines.join('\r\n')], `${name}.txt`, { type: 'text/plain' });
}

function whoSaid(message: VisitorMessage, language: Locale): string {
  if (message.author === 'customer') return say(language, 'transcript.you');
  return message.kind === 'notice' ? say(language, 'transcript.system') : authorText(message, language);
}

function wordsOf(message: VisitorMessage, language: Locale): string | null {
  const { kind, text, attachment } = message;
  if (kind === 'notice') return noticeText(message, language, null);
  if (kind === 'text' || attachment === null) return text;
  const time = formatDuration((attachment.duration_ms ?? 0) / 1000);
  return say(language, `sent.${kind}`, { name: text, time });
}

/** Every word is put in as text, so that nobody's words are markup in what is kept. */
function page(title: string, made: string, entries: readonly Entry[], language: Locale): string {
  const doc = document.implementation.createHTMLDocument(title);
  doc.documentElement.lang = language;
  const add = (parent: Element, tag: string, text = '') => {
    const child = doc.createElement(tag);
    child.textContent = text;
    parent.append(child);
    return child;
  };
  const meta = add(doc.head, 'meta');
  meta.setAttribute('charset', 'utf-8');
  doc.head.prepend(meta);
  add(doc.head, 'style', 'body{font:16px/1.6 sans-serif;max-width:42em;margin:2em auto;padding:0 1em}dt{color:#636c7e;font-size:13px}dd{margin:0 0 12px;white-space:pre-wrap}');
  add(doc.body, 'h1', title);
  add(doc.body, 'p', made);
  const list = add(doc.body, 'dl');
  for (const { at, who, words } of entries) {
    add(list, 'dt', `${at} · ${who}`);
    add(list, 'dd', words);
  }
  return `<!doctype html>\n${doc.documentElement.outerHTML}\n`;
}
