import type { ContactWhyShown } from '@/shared/api/generated/types.gen';
import { knows, type Catalogue } from '@/shared/i18n/catalogue';
import type { Translate } from '@/shared/i18n/useMessages';
import { formatDuration } from '@/shared/time/format';

type Key = 'why.somebody';

/** One line for each reason; one that has no words here yet is left out. `clock` writes a moment as a time of the day. */
export function whyLines<All extends string>(
  why: ContactWhyShown,
  messages: Catalogue<All | Key>,
  t: Translate<All | Key>,
  clock: (moment: string) => string,
): string[] {
  return why.why.flatMap(({ code, params }) => {
    const shown: Record<string, string | number> = { agent: why.agent_name ?? t('why.somebody') };
    for (const [name, value] of Object.entries(params)) {
      if (typeof value === 'string') shown[name] = name === 'at' || name === 'until' ? clock(value) : value;
      else if (typeof value === 'number') shown[name] = written(name, value);
    }
    const key = `why.${code}`;
    return knows(messages, key) ? [t(key, shown)] : [];
  });
}

/** Seconds are shown as 3:05, shares in thousandths as per cent. */
function written(name: string, value: number): string | number {
  if (name.endsWith('_s')) return formatDuration(value);
  return name === 'load' ? `${Math.round(value / 10)}%` : value;
}
