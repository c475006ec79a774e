import { errorSentence } from '@/shared/http/errorSentence';
import { Problem } from '@/shared/http/problem';
import { locale } from '@/shared/i18n/locale';
import type { ChatView } from '@/shared/visitor/chatView';
import { askedFor, dropLetter, keepLetter, letterDraft, type Asked, type LetterDraft } from '@/shared/visitor/letter';
import { MAX_LETTER, MAX_REACH } from '@/shared/visitor/protocol';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { say as words } from '@/shared/visitor/words';
import { element } from './element';

/** The form for a message when nobody can serve. It is made once for each time one is asked for, and is not touched then. */
export function letterForm(chat: VisitorChat): { place: HTMLElement; draw: (view: ChatView) => boolean } {
  const place = element('div');
  let shown: string | null = null;
  const draw = (view: ChatView): boolean => {
    const asked = askedFor(view);
    const id = asked === null ? null : `${asked.interactionId} ${locale.get()}`;
    if (id === shown) return asked !== null;
    shown = id;
    place.replaceChildren(...(asked === null ? [] : [form(asked, letterDraft(asked, view, chat.getNumber()), chat)]));
    return asked !== null;
  };
  return { place, draw };
}

function form(asked: Asked, draft: LetterDraft, chat: VisitorChat): HTMLElement {
  const language = locale.get();
  const text = element('textarea', { rows: '4', maxlength: String(MAX_LETTER), name: 'text' });
  const reach = element('input', { maxlength: String(MAX_REACH), name: 'reach', autocomplete: 'tel', placeholder: words(language, 'letter.reach_hint') });
  const tick = element('input', { type: 'checkbox', name: 'consent' });
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const send = element('button', { type: 'submit', class: 'send' }, words(language, 'letter.send'));
  [text.value, reach.value] = [draft.text, draft.reach];
  const made = element(
    'form',
    { class: 'card letter', novalidate: '' },
    element('strong', {}, words(language, 'letter.title')),
    element('p', {}, words(language, asked.busy ? 'letter.what_busy' : 'letter.what')),
    element('label', {}, words(language, 'letter.text'), text),
    element('label', {}, words(language, 'letter.reach'), reach),
    element('label', { class: 'tick' }, tick, element('span', {}, asked.consent)),
    wrong,
    send,
  );
  const refuse = (sentence: string, field: HTMLElement) => {
    wrong.textContent = sentence;
    field.focus();
  };
  made.addEventListener('input', () => keepLetter(asked.interactionId, { ...draft, text: text.value, reach: reach.value }));
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    wrong.textContent = '';
    if (text.value.trim() === '') {
      refuse(words(language, 'letter.text_needed'), text);
      return;
    }
    if (reach.value.trim() === '') {
      refuse(words(language, 'letter.reach_needed'), reach);
      return;
    }
    if (!tick.checked) {
      refuse(words(language, 'letter.consent_needed'), tick);
      return;
    }
    send.disabled = true;
    send.textContent = words(language, 'letter.sending');
    const letter = { interaction_id: asked.interactionId, client_id: draft.clientId, text: text.value, reach: reach.value, consent: true };
    chat.leaveMessage(letter).then(
      () => dropLetter(asked.interactionId),
      (error: unknown) => {
        send.disabled = false;
        send.textContent = words(language, 'letter.send');
        const field = error instanceof Problem ? error.field : null;
        refuse(errorSentence(error, language), field === 'text' ? text : field === 'reach' ? reach : send);
      },
    );
  });
  return made;
}
