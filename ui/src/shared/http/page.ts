/** One page of a list; `next` goes back as `after` for the page that follows, null ends the list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
