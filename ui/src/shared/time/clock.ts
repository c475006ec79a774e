/**
 * The server's time as this browser best knows it. Deadlines are the server's, and a desk whose own clock is
 * minutes off must still show the right seconds, so every answer's Date header corrects us. The header has
 * whole seconds: differences below two seconds are left alone, or timers would jitter.
 */
let offsetMs = 0;

export function serverNow(): number {
  return Date.now() + offsetMs;
}

export function observeServerTime(header: string | null, receivedAt: number): void {
  if (header === null) return;
  const stated = Date.parse(header);
  if (Number.isNaN(stated)) return;
  const difference = stated + 500 - receivedAt;
  if (Math.abs(difference - offsetMs) > 2000) offsetMs = Math.abs(difference) > 2000 ? difference : 0;
}
