import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Note } from '@/shared/api/generated/types.gen';
import { change, fetchAgain } from '@/shared/query/live';
import { useTopic } from '@/shared/realtime/RealtimeContext';
import { notesKey, notesQuery, participantsQuery } from '../api/colleagues';
import { withNote } from '../model/entries';

/** What colleagues wrote for each other in a conversation, and who is in it; kept current. */
export function useColleagues(conversationId: string) {
  const queries = useQueryClient();
  const notes = useQuery(notesQuery(conversationId));
  const participants = useQuery(participantsQuery(conversationId));
  useTopic(`colleagues:${conversationId}`, {
    reset: () => {
      fetchAgain(queries, notesKey(conversationId));
      fetchAgain(queries, participantsQuery(conversationId).queryKey);
    },
    event: ({ name, data }) => {
      if (name === 'note.stored') {
        change<readonly Note[]>(queries, notesKey(conversationId), (held) => withNote(held, data as Note));
      } else if (name === 'participants.changed') {
        fetchAgain(queries, participantsQuery(conversationId).queryKey);
      }
    },
  });
  return { notes: notes.data ?? [], participants: participants.data ?? [] };
}
