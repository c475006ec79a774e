import { errorSentence } from '@/shared/http/errorSentence';
import { locale } from '@/shared/i18n/locale';
import type { ChatView } from '@/shared/visitor/chatView';
import { digitsOf, passwordAsked, PASSWORD_DIGITS, type PasswordAsked } from '@/shared/visitor/password';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { say as words } from '@/shared/visitor/words';
import { element } from './element';

/** The form for a service password. What is typed is in no draft, and gone with the form. */
export function passwordForm(chat: VisitorChat): { place: HTMLElement; draw: (view: ChatView) => void } {
  const place = element('div');
  let shown: string | null = null;
  const draw = (view: ChatView) => {
    const asked = passwordAsked(view, Date.now());
    const id = asked === null ? null : `${asked.formId} ${locale.get()}`;
    if (id === shown) return;
    shown = id;
    place.replaceChildren(...(asked === null ? [] : [form(asked, chat)]));
  };
  return { place, draw };
}

function form(asked: PasswordAsked, chat: VisitorChat): HTMLElement {
  const language = locale.get();
  const choosing = asked.purpose === 'choose';
  const digits = () => element('input', { type: 'password', inputmode: 'numeric', maxlength: String(2 * PASSWORD_DIGITS), autocomplete: 'off' });
  const [field, again] = [digits(), digits()];
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const send = element('button', { type: 'submit', class: 'send' }, words(language, 'password.send'));
  const made = element(
    'form',
    { class: 'card letter', novalidate: '' },
    element('strong', {}, words(language, choosing ? 'password.title_new' : 'password.title')),
    element('p', {}, words(language, choosing ? 'password.what_new' : 'password.what', { number: asked.number })),
    element('label', {}, words(language, 'password.field'), field),
    ...(choosing ? [element('label', {}, words(language, 'password.again'), again)] : []),
    wrong,
    send,
    element('p', {}, words(language, 'password.never')),
  );
  const refuse = (sentence: string) => {
    wrong.textContent = sentence;
    [field.value, again.value] = ['', ''];
    field.focus();
  };
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    wrong.textContent = '';
    if (choosing && digitsOf(field.value) !== digitsOf(again.value)) {
      refuse(words(language, 'password.not_same'));
      return;
    }
    send.disabled = true;
    chat
      .fillPassword(asked, digitsOf(field.value))
      .then(
        ({ done, tries_left }) => {
          if (!done && tries_left > 0) refuse(words(language, 'password.wrong', { n: tries_left }));
        },
        (error: unknown) => refuse(errorSentence(error, language)),
      )
      .finally(() => {
        send.disabled = false;
      });
  });
  return made;
}
