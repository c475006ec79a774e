/** Makes an element; what is a string is always text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(label: string, className: string, act: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: className }, label);
  made.addEventListener('click', act);
  return made;
}

/** A button with a drawing of 24 by 24; its label says what it does. */
export function drawn(paths: readonly string[], act: () => void): HTMLButtonElement {
  const made = button('', 'tool', act);
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of Object.entries({ viewBox: '0 0 24 24', width: '22', height: '22', fill: 'none', stroke: 'currentColor', 'stroke-width': '2', 'stroke-linecap': 'round', 'aria-hidden': 'true' })) {
    picture.setAttribute(name, value);
  }
  for (const path of paths) {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', path);
    picture.append(line);
  }
  made.append(picture);
  return made;
}

/** One line of a list that is drawn again and again; `key` says which it is. It has a text, or parts of its own, or is a bar. */
export type Line = { readonly key: string; readonly look: string } & ({ readonly text: string } | { readonly inside: () => Node[] } | { readonly share: number; readonly label: string });

/**
 * Makes the children of `list` those lines, and touches only what is not so already: what is put in anew a screen
 * reader reads out anew, and what is taken out loses the focus.
 */
export function redraw(list: HTMLElement, lines: readonly Line[]): void {
  const keys = new Set(lines.map(({ key }) => key));
  const known = new Map<string | undefined, HTMLElement>();
  for (const child of [...list.children] as HTMLElement[]) {
    if (keys.has(child.dataset.key ?? '')) known.set(child.dataset.key, child);
    else child.remove();
  }
  lines.forEach((line, index) => {
    const shown = known.get(line.key) ?? made(line);
    if (shown.className !== line.look) shown.className = line.look;
    if ('share' in line) shown.setAttribute('value', String(line.share));
    if ('text' in line && shown.textContent !== line.text) shown.textContent = line.text;
    const there = list.children[index];
    if (there !== shown) list.insertBefore(shown, there ?? null);
  });
}

function made(line: Line): HTMLElement {
  const name = { 'data-key': line.key };
  if ('share' in line) return element('progress', { ...name, max: '1', 'aria-label': line.label });
  return 'inside' in line ? element('div', name, ...line.inside()) : element('p', name);
}
