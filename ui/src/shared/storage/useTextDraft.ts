import { useState } from 'react';
import { dropDraft, readDraft, saveDraft } from './drafts';

/** What somebody is writing: there again after a reload, or when the part of the page comes back. Nothing is no draft. */
export function useTextDraft(key: string): [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(() => {
    const draft = readDraft(key);
    return typeof draft === 'string' ? draft : '';
  });
  const write = (next: string) => {
    setText(next);
    if (next === '') dropDraft(key);
    else saveDraft(key, next);
  };
  return [text, write];
}
