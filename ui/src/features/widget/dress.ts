import type { Locale } from '@/shared/i18n/locale';
import { greeting, pictureUrl, type Look } from '@/shared/visitor/look';
import { element } from './element';

export interface Wardrobe {
  readonly face: HTMLElement;
  readonly hello: HTMLElement;
  /** Wear this from now on. */
  readonly wear: (look: Look) => void;
  /** Greet in the language that is spoken now, while nothing was said yet. */
  readonly greet: (language: Locale, nothingSaid: boolean) => void;
}

/** The colour, the corner, the face and the greeting of the tenant, on an element that holds the widget. */
export function wardrobe(host: HTMLElement, tenant: string): Wardrobe {
  const face = element('span', { class: 'ours', 'aria-hidden': 'true', hidden: '' });
  const hello = element('p', { class: 'hello', hidden: '' });
  let worn: Look | null = null;
  return {
    face,
    hello,
    wear: (look) => {
      worn = look;
      host.style.setProperty('--accent', look.color);
      host.dataset.side = look.side;
      const picture = pictureUrl(look, tenant);
      face.hidden = picture === null && look.avatar === '';
      face.replaceChildren(picture === null ? look.avatar : element('img', { src: picture, alt: '' }));
    },
    greet: (language, nothingSaid) => {
      hello.hidden = worn === null || !nothingSaid;
      hello.textContent = worn === null ? '' : greeting(worn, language);
    },
  };
}
