import { useState } from 'react';
import { dropDraft, readDraft, saveDraft } from './drafts';

/** What somebody is writing: there again after a reload, or when the part of the page comes back. Nothing is no draft. */
export function useTextDraft(key: string): [text: string, setText: (text: string) => void] {
  const [held, setHeld] = useState(() => draftOf(key));
  // Another key is another thing that is written: what stands here belongs to the one before.
  const now = held.key === key ? held : draftOf(key);
  if (now !== held) setHeld(now);
  const write = (text: string) => {
    setHeld({ key, text });
    if (text === '') dropDraft(key);
    else saveDraft(key, text);
  };
  return [now.text, write];
}

function draftOf(key: string): { key: string; text: string } {
  const draft = readDraft(key);
  return { key, text: typeof draft === 'string' ? draft : '' };
}
