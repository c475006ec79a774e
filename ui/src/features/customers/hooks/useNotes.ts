import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CustomerRecord, NoteShown } from '@/shared/api/generated/types.gen';
import { notesQuery } from '../api/customers';

export type Noted = Pick<CustomerRecord, 'notes' | 'note_count' | 'notes_next'>;

/** The notes that came with the record, and those before them once they are asked for. */
export function useNotes(customerId: string, { notes, note_count: count, notes_next: next }: Noted) {
  const [wanted, setWanted] = useState(false);
  const older = useInfiniteQuery({ ...notesQuery(customerId, next ?? ''), enabled: wanted && next !== null });
  const before: NoteShown[] = next === null ? [] : (older.data?.pages.flatMap((page) => page.items) ?? []);
  const all = [...notes, ...before];
  const more = next !== null && (older.data === undefined || older.hasNextPage);
  return {
    notes: all,
    /** How many are not shown. */
    left: more ? Math.max(1, count - all.length) : 0,
    error: older.isError ? older.error : null,
    loading: older.isFetching,
    showMore: () => {
      if (!wanted) setWanted(true);
      else if (older.data === undefined) void older.refetch();
      else void older.fetchNextPage();
    },
  };
}
