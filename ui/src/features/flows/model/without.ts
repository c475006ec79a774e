/** A record without one of its entries. */
export const without = <T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> => Object.fromEntries(Object.entries(record).filter(([one]) => one !== name));
