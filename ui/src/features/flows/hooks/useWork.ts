import { useCallback, useMemo, useState } from 'react';
import type { FlowDetail } from '@/shared/api/generated/types.gen';
import { definitionOf } from '../model/definition';
import { drawingOf } from '../model/drawing';
import type { Work } from '../model/editing';
import { begun, did, redone, undone } from '../model/history';

export type Writing = ReturnType<typeof useWork>;

const workOf = (flow: FlowDetail): Work => ({ definition: definitionOf(flow.definition), drawing: drawingOf(flow.drawing) });

/** What somebody is writing, made of what is stored, with what they did so that it can be undone. */
export function useWork(flow: FlowDetail) {
  const [stored, setStored] = useState(() => ({ revision: flow.revision, work: workOf(flow) }));
  const [history, setHistory] = useState(() => begun(stored.work));
  const change = useCallback((make: (work: Work) => Work, of: string | null = null) => setHistory((one) => did(one, make(one.now), of)), []);
  const undo = useCallback(() => setHistory(undone), []);
  const redo = useCallback(() => setHistory(redone), []);
  return useMemo(
    () => ({
      work: history.now,
      /** What the server has, and at which revision. */
      stored,
      unsaved: history.now !== stored.work,
      change,
      undo: history.past.length > 0 ? undo : null,
      redo: history.future.length > 0 ? redo : null,
      /** What was sent has been stored; what was done since is still to be. */
      saved: (work: Work, revision: number) => setStored({ revision, work }),
      /** Somebody else stored another one: it is what is gone on from, with `work` standing on it. */
      goOnFrom: (theirs: FlowDetail, work: Work | null) => {
        const base = workOf(theirs);
        setStored({ revision: theirs.revision, work: base });
        setHistory((one) => (work === null ? begun(base) : did(one, work)));
      },
    }),
    [history, stored, change, undo, redo],
  );
}
