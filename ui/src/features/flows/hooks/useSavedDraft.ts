import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FlowDetail, Version } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { FLOWS, flowQuery, saveDraft, versionsQuery } from '../api/flows';
import type { Writing } from './useWork';

/** Somebody else stored the flow since it was opened: theirs, and the version it is. */
export interface Conflict {
  theirs: FlowDetail;
  version: Version | undefined;
}

/** Keeps what is written as the draft, and finds out who was faster when somebody was. */
export function useSavedDraft(flow: FlowDetail, writing: Writing) {
  const { code } = flow;
  const queries = useQueryClient();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const versions = useQuery(versionsQuery(code));
  const afresh = () => {
    void queries.invalidateQueries({ queryKey: FLOWS });
    void queries.invalidateQueries({ queryKey: versionsQuery(code).queryKey });
  };
  const meet = async () => {
    const [theirs, all] = await Promise.all([
      queries.query({ ...flowQuery(code), staleTime: 0 }),
      queries.query({ ...versionsQuery(code), staleTime: 0 }),
    ]);
    setConflict({ theirs, version: all.items.find(({ version }) => version === theirs.newest_version) });
  };
  const saving = useMutation({
    mutationFn: async () => {
      const { work } = writing;
      const kept = await saveDraft(code, writing.stored.revision, work);
      return { work, ...kept };
    },
    onSuccess: ({ work, version, revision }) => {
      writing.saved(work, revision);
      queries.setQueryData(flowQuery(code).queryKey, (one) => one && { ...one, newest_version: version, revision });
      afresh();
    },
    onError: async (error) => {
      if (error instanceof Problem && error.code === 'flow-changed') await meet();
    },
  });
  const draft = versions.data?.items.find((one) => one.published_at === null && one.version === flow.newest_version);
  return {
    saving,
    afresh,
    /** The version that is stored and not published; undefined when there is none. */
    draft,
    conflict,
    meet,
    resolved: () => {
      setConflict(null);
      saving.reset();
    },
  };
}
