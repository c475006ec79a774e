/** A word of an address: the router turns what looks like a number into one. Nothing when it is empty or no text. */
export const searchText = (raw: unknown): string | undefined =>
  typeof raw === 'string' && raw !== '' ? raw : typeof raw === 'number' ? String(raw) : undefined;
