/** A flow as the server knows it: named steps. What a step of an unknown kind says is kept as it is. */
export type Text = Readonly<Record<string, string>>;

export interface Step {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export interface Definition {
  readonly start: string;
  readonly safety: string;
  readonly steps: Readonly<Record<string, Step>>;
  readonly [around: string]: unknown;
}

/** What stands where a way is not connected: no step is called so, and the checker says that it leads nowhere. */
export const NOWHERE = 'nowhere';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What came from the server or a file, as far as it is a flow at all. */
export function definitionOf(raw: unknown): Definition {
  const around = isRecord(raw) ? raw : {};
  const steps: Record<string, Step> = {};
  for (const [name, step] of Object.entries(isRecord(around.steps) ? around.steps : {})) {
    steps[name] = { ...(isRecord(step) ? step : {}), kind: isRecord(step) && typeof step.kind === 'string' ? step.kind : '' };
  }
  return { ...around, start: textual(around.start), safety: textual(around.safety), steps };
}

const textual = (value: unknown) => (typeof value === 'string' ? value : '');

/** What is said, in a language, or else in Chinese, or whatever there is. */
export function said(text: unknown, language: string): string {
  if (!isRecord(text)) return '';
  const found = [text[language], text[language.split('-')[0] ?? ''], text['zh-CN'], ...Object.values(text)].find((one) => typeof one === 'string' && one !== '');
  return typeof found === 'string' ? found : '';
}
