import { catalogue } from '@/shared/i18n/catalogue';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

export const messages = catalogue(zh, en);
