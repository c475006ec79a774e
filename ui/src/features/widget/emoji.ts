import { EMOJI } from '@/shared/conversations/emoji';
import { button, drawn, element } from './element';

/** A grid of faces, made when it is first opened. */
export function emojiPicker(choose: (face: string) => void): { panel: HTMLElement; open: HTMLButtonElement } {
  const panel = element('div', { class: 'emoji', role: 'group', hidden: '' });
  const show = (shown: boolean) => {
    if (panel.childElementCount === 0) panel.append(...EMOJI.map((face) => button(face, 'face', () => choose(face))));
    panel.hidden = !shown;
    open.setAttribute('aria-expanded', String(shown));
  };
  const open = drawn(['M21 12a9 9 0 1 1-18 0a9 9 0 1 1 18 0', 'M8.5 9.5h.01', 'M15.5 9.5h.01', 'M8 14a5 5 0 0 0 8 0'], () => show(panel.hidden !== false));
  open.setAttribute('aria-expanded', 'false');
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    show(false);
    open.focus();
  });
  return { panel, open };
}
