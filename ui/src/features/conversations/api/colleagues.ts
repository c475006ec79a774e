import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  conversationsColleagues,
  conversationsInvite,
  conversationsLetGo,
  conversationsNotes,
  conversationsParticipants,
  conversationsWriteNote,
} from '@/shared/api/generated/sdk.gen';
import type { AskInWanted, Note, NoteWanted } from '@/shared/api/generated/types.gen';

const PAGE = 200;
const at = (conversationId: string) => ({ path: { conversation_id: conversationId } });

export const notesKey = (conversationId: string) => ['notes', conversationId] as const;

export const notesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: notesKey(conversationId),
    queryFn: async ({ signal }): Promise<readonly Note[]> => {
      const all: Note[] = [];
      for (;;) {
        const query = { after: all.at(-1)?.id ?? null, limit: PAGE };
        const page = await conversationsNotes({ ...at(conversationId), query, signal });
        all.push(...page.items);
        if (page.next === null || page.items.length === 0) return all;
      }
    },
  });

/** Stored once however often it is sent: `client_id` names it. */
export function writeNote(conversationId: string, body: NoteWanted): Promise<Note> {
  return conversationsWriteNote({ ...at(conversationId), body });
}

export const participantsQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['participants', conversationId],
    queryFn: ({ signal }) => conversationsParticipants({ ...at(conversationId), signal }),
  });

/** So many come at once; whoever is not among them is found by a name or a number. */
export const MOST_COLLEAGUES = 30;

export const colleaguesQuery = (search: string) =>
  queryOptions({
    queryKey: ['colleagues', search],
    queryFn: ({ signal }) => conversationsColleagues({ query: { q: search }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 5000,
  });

export async function invite(conversationId: string, body: AskInWanted): Promise<void> {
  await conversationsInvite({ ...at(conversationId), body });
}

export async function letGo(conversationId: string, userId: string): Promise<void> {
  await conversationsLetGo({ path: { conversation_id: conversationId, user_id: userId } });
}
