import type { Level, MergePreviewShown, MergeSource } from '@/shared/api/generated/types.gen';

/** What somebody decides about a merge; all else follows from rules. */
export interface Choice {
  name_of: MergeSource;
  level: Level;
  language: string;
}

export const chosenFirst = ({ level, language }: MergePreviewShown): Choice => ({ name_of: 'survivor', level, language });

/** How much of a kind both have together; contact points that are the same count once, which only the server can tell. */
export function together(preview: MergePreviewShown, kind: string): number {
  return (preview.survivor.counts[kind] ?? 0) + (preview.absorbed.counts[kind] ?? 0);
}
