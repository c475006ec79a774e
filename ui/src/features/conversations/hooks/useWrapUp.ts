import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Interaction } from '@/shared/api/generated/types.gen';
import { dropDraft, readDraft, saveDraft } from '@/shared/storage/drafts';
import { interactionQuery, saveWrapUp } from '../api/interactions';

const SAVE_AFTER_MS = 1200;

export interface WrapUpForm {
  disposition: string | null;
  note: string;
  setDisposition: (code: string | null) => void;
  setNote: (note: string) => void;
  /** When the server last took the draft, in milliseconds; null while it has not. */
  savedAt: number | null;
  saveError: unknown;
  finish: () => void;
  finishing: boolean;
  finishError: unknown;
}

interface Content {
  disposition: string | null;
  note: string;
}

/**
 * The after-contact form of one interaction. It can be written while the contact still lasts; a moment after the
 * last key it is saved as a draft on the server, and at every key in this browser.
 */
export function useWrapUp(interaction: Interaction, onFinished: () => void): WrapUpForm {
  const queries = useQueryClient();
  const key = `wrap-up.${interaction.id}`;
  const [content, setContent] = useState<Content>(() => initial(interaction, readDraft(key)));
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Written, and not on its way to the server yet. */
  const unsaved = useRef<Content>(undefined);

  const draft = useMutation({
    mutationFn: (what: Content) => saveWrapUp(interaction.id, { ...what, draft: true }),
    onSuccess: () => setSavedAt(Date.now()),
  });
  const finish = useMutation({
    mutationKey: [key],
    mutationFn: (what: Content) => saveWrapUp(interaction.id, { ...what, draft: false }),
    onSuccess: () => {
      dropDraft(key);
      void queries.invalidateQueries({ queryKey: interactionQuery(interaction.id).queryKey });
      onFinished();
    },
  });

  const { mutate: saveNow } = draft;
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      // Who turns to another contact in mid-word comes back perhaps at another desk, or the time for it is over.
      if (unsaved.current !== undefined) saveNow(unsaved.current);
    },
    [saveNow],
  );

  const change = (next: Content) => {
    setContent(next);
    saveDraft(key, next);
    clearTimeout(timer.current);
    unsaved.current = next;
    timer.current = setTimeout(() => {
      unsaved.current = undefined;
      draft.mutate(next);
    }, SAVE_AFTER_MS);
  };

  return {
    ...content,
    setDisposition: (disposition) => change({ ...content, disposition }),
    setNote: (note) => change({ ...content, note }),
    savedAt,
    saveError: draft.error,
    finish: () => {
      clearTimeout(timer.current);
      unsaved.current = undefined;
      if (queries.isMutating({ mutationKey: [key] }) === 0) finish.mutate(content);
    },
    finishing: finish.isPending,
    finishError: finish.error,
  };
}

function initial({ disposition }: Interaction, draft: unknown): Content {
  const server: Content = { disposition: disposition?.code ?? null, note: disposition?.note ?? '' };
  if (typeof draft !== 'object' || draft === null) return server;
  const { disposition: code, note } = draft as Partial<Content>;
  // Null is a code that was taken away again.
  return { disposition: code === undefined ? server.disposition : code, note: typeof note === 'string' ? note : server.note };
}
