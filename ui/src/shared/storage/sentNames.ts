import { newId } from '../ids/newId';
import { dropDraft, readDraft, saveDraft } from './drafts';

const sentKey = (key: string) => `${key}.sent`;

/**
 * The name of what is sent: the same for the same words, also after a reload, so that sending them again after a cut
 * makes no second one. What stands under `.sent` is the name of a text and counts as none that is unsent.
 */
export function nameFor(wanted: unknown, key: string): string {
  const body = JSON.stringify(wanted);
  const sent = readDraft(sentKey(key)) as { body: string; id: string } | undefined;
  if (sent?.body === body) return sent.id;
  const id = newId();
  saveDraft(sentKey(key), { body, id });
  return id;
}

/** What is sent next is another thing, even in the same words. */
export const forgetName = (key: string): void => dropDraft(sentKey(key));
