import type { Reason } from '@/shared/api/generated/types.gen';
import { catalogue, knows, type Params } from '@/shared/i18n/catalogue';
import type { Translate } from '@/shared/i18n/useMessages';
import { formatDuration } from '@/shared/time/format';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);

/** The reasons of an assignment as one sentence; a reason that has no words here yet is left out. */
export function whySentence(reasons: readonly Reason[], t: Translate<keyof typeof zh>): string {
  const parts = reasons.flatMap((reason) => {
    const key = `why.${reason.code}`;
    return knows(messages, key) ? [t(key, params(reason))] : [];
  });
  return parts.length === 0 ? '' : parts.join(t('why.and')) + t('why.end');
}

/** Seconds are shown as 3:05, shares in thousandths as per cent. */
function params({ params: raw }: Reason): Params {
  const shown: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (name.endsWith('_s') && typeof value === 'number') shown[name] = formatDuration(value);
    else if (name === 'load' && typeof value === 'number') shown[name] = `${Math.round(value / 10)}%`;
    else if (typeof value === 'string' || typeof value === 'number') shown[name] = value;
  }
  return shown;
}
