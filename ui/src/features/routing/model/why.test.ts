import { expect, test } from 'vitest';
import { catalogue, translate, type Params } from '@/shared/i18n/catalogue';
import type { Reason } from '@/shared/api/generated/types.gen';
import type { Translate } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { whySentence } from './why';

const messages = catalogue(zh, en);
const t = Object.assign((key: keyof typeof zh, params?: Params) => translate(messages, 'en', key, params), {
  rich: () => null,
  language: 'en' as const,
}) satisfies Translate<keyof typeof zh>;

test('reasons become one sentence, seconds as time and shares as per cent', () => {
  const why: Reason[] = [
    { code: 'skill-highest', params: { skill: 'Broadband', level: 5 } },
    { code: 'least-occupied', params: { load: 333 } },
    { code: 'next-in-line', params: { waited_s: 46 } },
  ];
  expect(whySentence(why, t)).toBe(
    '“Broadband” level 5, highest in this queue; I have the least in hand, 33% of my capacity; waited 0:46, first in line.',
  );
});

test('a reason without words is left out, none at all says nothing', () => {
  expect(whySentence([{ code: 'brand-new', params: {} }, { code: 'last-agent', params: {} }], t)).toBe('I served this customer last time.');
  expect(whySentence([{ code: 'toString', params: {} }], t)).toBe('');
});
