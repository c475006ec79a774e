import type { Mode } from './theme';

/**
 * A tenant sets one colour. It is used only as far as it can be read: darkened in steps of 4 % lightness until
 * white text on it has 4.5, and in dark mode lightened until it has 4.5 as text on the container surface.
 */
const CONTAINER = { light: '#ffffff', dark: '#161a21' };
const STEP = 0.04;
/** Our own colour, whose every shade was measured by hand. */
const OWN = '#2459d6';

interface Hsl {
  h: number;
  s: number;
  l: number;
}

export interface AccentTokens {
  colorPrimary: string;
  colorPrimaryHover: string;
  colorPrimaryActive: string;
  colorPrimaryText: string;
  colorPrimaryBg: string;
  colorPrimaryBorder: string;
  colorLink: string;
  colorInfo: string;
}

/** Nothing when the tenant has no colour, or what it has is not #rrggbb. */
export function accentTokens(accent: string | null, mode: Mode): Partial<AccentTokens> {
  if (accent === null || !/^#[0-9a-f]{6}$/i.test(accent) || accent.toLowerCase() === OWN) return {};
  const chosen = toHsl(accent);
  const primary = walk(chosen, -STEP, (hex) => contrast(hex, '#ffffff') >= 4.5);
  const text = mode === 'light' ? primary : walk(chosen, STEP, (hex) => contrast(hex, CONTAINER.dark) >= 4.5);
  const tint = (l: number, s = 1) => toHex({ h: chosen.h, s: Math.min(chosen.s, s), l });
  const darker = (step: number) => toHex({ ...toHsl(primary), l: Math.max(0, toHsl(primary).l - step) });
  const link = toHex(toHsl(text));
  return {
    colorPrimary: primary,
    colorPrimaryHover: darker(0.06),
    colorPrimaryActive: darker(0.14),
    colorPrimaryText: link,
    colorPrimaryBg: mode === 'light' ? tint(0.96) : tint(0.19, 0.5),
    colorPrimaryBorder: mode === 'light' ? tint(0.84) : tint(0.37, 0.5),
    colorLink: link,
    colorInfo: link,
  };
}

export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function walk(from: Hsl, step: number, good: (hex: string) => boolean): string {
  let l = from.l;
  while ((step < 0 ? l > 0 : l < 1) && !good(toHex({ ...from, l }))) l += step;
  return toHex({ ...from, l: Math.min(1, Math.max(0, l)) });
}

function channels(hex: string): [number, number, number] {
  const n = Number.parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map((c) => {
    const v = c / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function toHsl(hex: string): Hsl {
  const [r, g, b] = channels(hex).map((c) => c / 255) as [number, number, number];
  const [max, min] = [Math.max(r, g, b), Math.min(r, g, b)];
  const [l, d] = [(max + min) / 2, max - min];
  if (d === 0) return { h: 0, s: 0, l };
  const s = d / (1 - Math.abs(2 * l - 1));
  const sector = max === r ? ((g - b) / d) % 6 : max === g ? (b - r) / d + 2 : (r - g) / d + 4;
  return { h: (sector * 60 + 360) % 360, s, l };
}

function toHex({ h, s, l }: Hsl): string {
  const a = s * Math.min(l, 1 - l);
  const channel = (n: number) => {
    const k = (n + h / 30) % 12;
    return Math.round(255 * (l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return `#${[channel(0), channel(8), channel(4)].map((c) => c.toString(16).padStart(2, '0')).join('')}`;
}
