/**
 * The server's time as this browser best knows it. Deadlines are the server's, and a desk whose own clock is
 * minutes off must still show the right seconds, so every answer's Date header corrects us. The header has
 * whole seconds: differences below two seconds are left alone, or timers would jitter.
 */
const LEFT_ALONE_MS = 2000;
const SLACK_MS = 1500;
let offsetMs = 0;

export function serverNow(): number {
  return Date.now() + offsetMs;
}

/**
 * The server wrote its time somewhere between our sending and our receiving: an answer that was long on its way says
 * little, and only what cannot be is put right.
 */
export function observeServerTime(header: string | null, sentAt: number, receivedAt: number): void {
  if (header === null) return;
  const stated = Date.parse(header);
  if (Number.isNaN(stated)) return;
  const [least, most] = [stated - receivedAt, stated + 1000 - sentAt];
  if (offsetMs >= least - SLACK_MS && offsetMs <= most + SLACK_MS) return;
  const middle = (least + most) / 2;
  offsetMs = Math.abs(middle) > LEFT_ALONE_MS ? middle : 0;
}
