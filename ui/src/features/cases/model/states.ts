import type { CaseState } from '../api/cases';

/** Where a case may go from here, the usual way first. The server decides; this spares a button that is refused. */
const NEXT: Readonly<Record<CaseState, readonly CaseState[]>> = {
  open: ['in_progress', 'resolved'],
  in_progress: ['resolved', 'open'],
  resolved: ['closed', 'in_progress'],
  closed: [],
};

export function nextStates(state: CaseState): readonly CaseState[] {
  return NEXT[state];
}
