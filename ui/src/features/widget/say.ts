import { catalogue, translate, type Params } from '@/shared/i18n/catalogue';
import { locale } from '@/shared/i18n/locale';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

const messages = catalogue(zh, en);

/** A sentence of the widget in the language that it speaks now. */
export const say = (key: keyof typeof zh, params?: Params): string => translate(messages, locale.get(), key, params);
