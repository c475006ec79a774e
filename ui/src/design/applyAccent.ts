import { accentTokens } from './accent';
import type { Mode } from './theme';

/** Puts the tenant's colour over the style sheet's own; the answer takes it away again. */
export function applyAccent(accent: string | null, mode: Mode): () => void {
  const { style } = document.documentElement;
  const names: string[] = [];
  for (const [token, value] of Object.entries(accentTokens(accent, mode))) {
    const name = `--ant-${token.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    style.setProperty(name, value);
    names.push(name);
  }
  return () => names.forEach((name) => style.removeProperty(name));
}
