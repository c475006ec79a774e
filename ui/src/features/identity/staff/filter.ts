import { searchText as text } from '@/shared/http/searchText';

export interface UserFilter {
  readonly q?: string;
  /** The id of a department, which stands for all below it too. */
  readonly unit?: string;
  readonly role?: string;
  readonly state?: 'active' | 'inactive';
}

/** What the address says of the filter. */
export const userFilterFrom = (raw: Record<string, unknown>): UserFilter => ({
  q: text(raw.q),
  unit: text(raw.unit),
  role: text(raw.role),
  state: raw.state === 'active' || raw.state === 'inactive' ? raw.state : undefined,
});
