import { errorSentence } from '@/shared/http/errorSentence';
import { locale } from '@/shared/i18n/locale';
import { isEnter, isEscape } from '@/shared/keyboard/enter';
import { pastedFiles } from '@/shared/clipboard/pasted';
import { dropDraft, readDraft, saveDraft } from '@/shared/storage/drafts';
import { MAX_TEXT } from '@/shared/visitor/protocol';
import type { ChatView } from '@/shared/visitor/chatView';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { offlineText, openingText, serviceText, stateText } from '@/shared/visitor/words';
import type { Look } from '@/shared/visitor/look';
import { wardrobe } from './dress';
import { button, element } from './element';
import { emojiPicker } from './emoji';
import { attachButton, sendAll } from './files';
import { leaveLine } from './leave';
import { letterForm } from './letterForm';
import { card, drawLines } from './lines';
import { passwordForm } from './passwordForm';
import { say } from './say';
import { voiceButton } from './voiceButton';
import css from './widget.css?inline';

const DRAFT = 'widget';
const NEAR_END_PX = 100;
const SURE_MS = 4000;

export interface Mounted {
  wear: (look: Look) => void;
  show: (open: boolean) => void;
  /** Only to be looked at: nothing can be said. */
  quiet: () => void;
}

/**
 * The chat in a corner of somebody else's page: a bubble, and a panel behind it, in a shadow root of their own, so
 * that neither the page's styles reach in nor ours out.
 */
export function mountWidget(chat: VisitorChat, tenant: string): Mounted {
  const host = element('careline-chat' as 'div');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const clothes = wardrobe(host, tenant);
  const title = element('h2');
  const state = element('p', { class: 'state', 'aria-live': 'polite' });
  const strip = element('div', { class: 'strip', role: 'status' });
  const log = element('div', { class: 'log', role: 'log', 'aria-live': 'polite', tabindex: '0' });
  const below = element('div');
  const letter = letterForm(chat);
  const password = passwordForm(chat);
  const scroll = element('div', { class: 'scroll' }, clothes.hello, log, letter.place, password.place, below);
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const field = element('textarea', { rows: '1', maxlength: String(MAX_TEXT), enterkeyhint: 'send' });
  const send = button('', 'send', () => submit());
  const { field: chooser, attach } = attachButton(chat);
  const { place: recorder, speak } = voiceButton(chat);
  const { panel: emojis, open: emoji } = emojiPicker((face) => {
    field.setRangeText(face, field.selectionStart, field.selectionEnd, 'end');
    field.dispatchEvent(new Event('input'));
    field.focus();
  });
  const end = button('', 'tool', () => askEnd());
  const close = button('', 'tool', () => show(false));
  const head = element('header', {}, clothes.face, element('div', { class: 'who' }, title, state), end, close);
  const tools = element('div', { class: 'tools' }, chooser, attach, emoji, speak);
  const foot = element('footer', {}, field, send);
  const leaving = leaveLine(root, chat, field);
  const panel = element('section', { class: 'panel', role: 'dialog', hidden: '' }, head, strip, scroll, wrong, emojis, recorder, tools, foot, leaving.line);
  const bubble = button('', 'bubble', () => show(panel.hidden !== false));
  root.append(panel, bubble);

  const failed = (error: unknown) => {
    wrong.textContent = say('not_done', { why: errorSentence(error, locale.get()) });
  };
  const submit = () => {
    const text = field.value.trim();
    if (text === '') return;
    chat.say(text);
    field.value = '';
    dropDraft(DRAFT);
    wrong.textContent = '';
    field.focus();
  };
  let sure: ReturnType<typeof setTimeout> | undefined;
  const askEnd = () => {
    if (sure === undefined) {
      end.textContent = say('end_sure');
      sure = setTimeout(calm, SURE_MS);
    } else {
      calm();
      chat.end().catch(failed);
    }
  };
  const calm = () => {
    clearTimeout(sure);
    sure = undefined;
    end.textContent = say('end');
  };
  const show = (open: boolean) => {
    panel.hidden = !open;
    bubble.setAttribute('aria-expanded', String(open));
    if (open) {
      draw();
      scroll.scrollTop = scroll.scrollHeight;
      field.focus();
    } else {
      bubble.focus();
    }
  };
  const label = () => {
    host.lang = locale.get();
    log.setAttribute('aria-label', say('log'));
    field.setAttribute('aria-label', say('label'));
    field.placeholder = say('placeholder');
    send.textContent = say('send');
    emoji.title = say('emoji');
    emoji.setAttribute('aria-label', say('emoji'));
    emojis.setAttribute('aria-label', say('emoji'));
    leaving.label();
    speak.title = say('voice');
    speak.setAttribute('aria-label', say('voice'));
    attach.title = say('attach');
    attach.setAttribute('aria-label', say('attach'));
    close.textContent = say('close');
    bubble.textContent = say('open');
    calm();
    drawn = null;
    draw();
  };
  let drawn: ChatView | null = null;
  const draw = () => {
    const view = chat.getView();
    const { now, link } = view;
    // What somebody else was typing here is nothing to read, and what they were saying nothing to hear.
    if (drawn !== null && drawn.person !== view.person) {
      field.value = '';
      wrong.textContent = '';
      recorder.replaceChildren();
    }
    leaving.draw(view);
    title.textContent = now.state === 'chatting' && now.agent_name !== null ? say('agent', { name: now.agent_name }) : serviceText(view, locale.get());
    panel.setAttribute('aria-label', serviceText(view, locale.get()));
    state.textContent = stateText(now, locale.get());
    clothes.greet(locale.get(), view.messages.length === 0 && view.pending.length === 0);
    strip.textContent = link === 'offline' || link === 'ended' ? offlineText(locale.get()) : (openingText(view, locale.get(), Date.now()) ?? '');
    // One place to write at a time.
    foot.hidden = tools.hidden = letter.draw(view) && now.state === 'flow';
    password.draw(view);
    end.hidden = now.state === 'none' || now.state === 'ended';
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
    // The service brings the zone of the times.
    if (drawn?.service !== view.service || drawn.messages !== view.messages || drawn.pending !== view.pending || drawn.agentReadSeq !== view.agentReadSeq || drawn.left !== view.left) {
      drawLines(log, view, chat);
    }
    if (drawn?.now !== now) below.replaceChildren(...card(view, (id, score) => void chat.rate(id, score, null).catch(failed), chat.getView));
    drawn = view;
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
    if (!panel.hidden && document.visibilityState === 'visible') chat.tellRead();
  };

  field.addEventListener('input', () => {
    saveDraft(DRAFT, field.value);
    leaving.draw(chat.getView());
    chat.tellTyping();
  });
  field.addEventListener('paste', (event) => {
    if (sendAll(chat, pastedFiles(event.clipboardData))) event.preventDefault();
  });
  field.addEventListener('keydown', (event) => {
    if (!isEnter(event) || event.shiftKey) return;
    event.preventDefault();
    submit();
  });
  panel.addEventListener('keydown', (event) => {
    if (isEscape(event)) show(false);
  });
  document.addEventListener('visibilitychange', draw);
  const draft = readDraft(DRAFT);
  if (typeof draft === 'string') field.value = draft;
  chat.subscribe(draw);
  locale.subscribe(label);
  label();
  document.body.append(host);
  return {
    show,
    quiet: () => [tools, foot].forEach((part) => part.setAttribute('inert', '')),
    wear: (look) => {
      clothes.wear(look);
      draw();
    },
  };
}
