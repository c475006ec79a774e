/** How a tenant's widget and customer page look. */
import { json } from '../http/json';
import { serverOrigin } from '../http/origin';
import type { Locale } from '../i18n/locale';

export interface Look {
  readonly color: string;
  readonly greeting_zh: string;
  readonly greeting_en: string;
  readonly side: 'left' | 'right';
  /** One or two letters; empty for none. */
  readonly avatar: string;
  /** A picture in their place. */
  readonly picture: string | null;
}

export const fetchLook = (tenant: string) => json.get<Look>('/visitor/look', { query: { tenant } });

export const greeting = (look: Look, language: Locale) => (language === 'zh-CN' ? look.greeting_zh : look.greeting_en);

export function pictureUrl(look: Look, tenant: string): string | null {
  if (look.picture === null) return null;
  const url = new URL(`/api/v1/visitor/look/pictures/${encodeURIComponent(look.picture)}`, serverOrigin());
  url.searchParams.set('tenant', tenant);
  return url.href;
}

/** What came from elsewhere, if it is a look. */
export function asLook(raw: unknown): Look | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const { color, greeting_zh, greeting_en, side, avatar, picture } = raw as Record<string, unknown>;
  const words = [greeting_zh, greeting_en, avatar].every((one) => typeof one === 'string');
  if (!words || typeof color !== 'string' || !/^#[0-9a-f]{6}$/i.test(color)) return null;
  if ((side !== 'left' && side !== 'right') || (picture !== null && typeof picture !== 'string')) return null;
  return raw as Look;
}
