/** The items in the order they have on the screen; those that are not there yet come last. */
export function keepOrder<T>(items: readonly T[], shown: readonly string[], idOf: (item: T) => string): T[] {
  const place = new Map(shown.map((id, index) => [id, index]));
  const at = (item: T) => place.get(idOf(item)) ?? shown.length;
  return [...items].sort((a, b) => at(a) - at(b));
}
