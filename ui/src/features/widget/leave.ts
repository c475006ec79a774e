import { locale } from '@/shared/i18n/locale';
import { holdsVisitorsDraft } from '@/shared/storage/drafts';
import type { ChatView } from '@/shared/visitor/chatView';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { lostByLeaving, say } from '@/shared/visitor/words';
import { button, element } from './element';

/**
 * For who writes on a device of others: afterwards nothing of them is left on it, and the focus is `next`. Outside the
 * panel, which Escape closes.
 */
export function leaveLine(root: ShadowRoot, chat: VisitorChat, next: HTMLElement): { line: HTMLElement; draw: (view: ChatView) => void; label: () => void } {
  const title = element('strong');
  const lost = element('div');
  const yes = button('', 'send', () => {
    dialog.close();
    void chat.leave();
    // What was pressed is not there any more.
    next.focus();
  });
  const no = button('', 'plain', () => dialog.close());
  const dialog = element('dialog', {}, title, lost, element('div', { class: 'choices' }, yes, no));
  root.append(dialog);
  const open = button('', 'quiet', () => {
    const language = locale.get();
    lost.replaceChildren(...lostByLeaving(chat.getView(), language).map((words) => element('p', {}, words)));
    dialog.showModal();
  });
  const line = element('div', { class: 'leave' }, open);
  return {
    line,
    draw: ({ entered, pending }) => {
      line.hidden = !entered && pending.length === 0 && !holdsVisitorsDraft();
    },
    label: () => {
      const language = locale.get();
      title.textContent = say(language, 'leave.title');
      open.textContent = say(language, 'leave.open');
      yes.textContent = say(language, 'leave.yes');
      no.textContent = say(language, 'leave.no');
      dialog.setAttribute('aria-label', title.textContent);
    },
  };
}
