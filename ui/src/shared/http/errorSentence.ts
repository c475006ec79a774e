import { catalogue, knows, translate, type Catalogue, type Params } from '../i18n/catalogue';
import type { Locale } from '../i18n/locale';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import { NetworkFailure, Problem } from './problem';

/** Sentences for the codes of the server's problems; a code is its own key. */
const messages = catalogue(zh, en);
const known: Catalogue<string>[] = [messages];

/** More codes than everybody can meet: the console's are no load for a customer's page. */
export function learnErrors(more: Catalogue<string>): void {
  known.push(more);
}

/** What happened, in words; a code we have no sentence for is shown as it is, so that it can be reported. */
export function errorSentence(error: unknown, language: Locale): string {
  if (error instanceof NetworkFailure) return translate(messages, language, error.isRead ? 'not-fetched' : 'no-connection');
  if (!(error instanceof Problem)) return translate(messages, language, 'unexpected', { detail: String(error) });
  const params = textParams(error);
  const said = known.find((one) => knows(one, error.code));
  if (said !== undefined) return translate(said, language, error.code, params);
  const general = error.status >= 500 ? 'server-failed' : 'refused';
  return translate(messages, language, general, { code: error.code, title: error.message, status: error.status });
}

function textParams(problem: Problem): Params {
  const texts: Record<string, string | number> = { field: problem.field ?? '' };
  for (const [name, value] of Object.entries(problem.params)) {
    if (typeof value === 'string' || typeof value === 'number') texts[name] = value;
  }
  // The server knows the wait to the millisecond; people are told whole seconds.
  if (typeof texts.retry_after === 'number') texts.retry_after = Math.max(1, Math.ceil(texts.retry_after));
  return texts;
}
