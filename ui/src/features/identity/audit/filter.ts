import { searchText as text } from '@/shared/http/searchText';

export interface AuditFilter {
  /** Who did it, as it stands in an entry: `user:…` or `system`. */
  readonly by?: string;
  readonly action?: string;
  readonly subject?: string;
  /** Days as `2026-11-23`, both included, in the centre's zone. */
  readonly from?: string;
  readonly to?: string;
}

/** What the address says of the filter. */
export const auditFilterFrom = (raw: Record<string, unknown>): AuditFilter => ({
  by: text(raw.by),
  action: text(raw.action),
  subject: text(raw.subject),
  from: text(raw.from),
  to: text(raw.to),
});
