import { stored } from '../storage/stored';

export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

const isLocale = (raw: unknown): raw is Locale => LOCALES.includes(raw as Locale);

/** Chinese unless the person chose otherwise; a choice outlives the session and applies without a reload. */
export const locale = stored<Locale>('careline.locale', 'zh-CN', (raw) => (isLocale(raw) ? raw : undefined));
