/** Where Careline is: the page's own origin, unless the page belongs to somebody else and only shows our widget. */
let origin: string | null = null;

export function serverOrigin(): string {
  return origin ?? window.location.origin;
}

export function setServerOrigin(next: string): void {
  origin = next;
}
