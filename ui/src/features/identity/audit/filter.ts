import type { Outcome } from '@/shared/api/generated/types.gen';
import { searchText as text } from '@/shared/http/searchText';

export const OUTCOMES: readonly Outcome[] = ['allowed', 'denied', 'failed'];

export interface AuditFilter {
  /** Who did it, as it stands in an entry: `user:…` or `system`. */
  readonly by?: string;
  readonly action?: string;
  /** What it was done to: `customer`, `role` … */
  readonly kind?: string;
  readonly subject?: string;
  readonly outcome?: Outcome;
  /** Days as `2026-11-23`, both included, in the centre's zone. */
  readonly from?: string;
  readonly to?: string;
}

/** What the address says of the filter. */
export const auditFilterFrom = (raw: Record<string, unknown>): AuditFilter => ({
  by: text(raw.by),
  action: text(raw.action),
  kind: text(raw.kind),
  subject: text(raw.subject),
  outcome: OUTCOMES.find((one) => one === raw.outcome),
  from: text(raw.from),
  to: text(raw.to),
});

/** The number of the entry that is open, if the address names one. */
export const entryFrom = (raw: Record<string, unknown>): number | undefined => {
  const seq = Number(raw.entry);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
};
