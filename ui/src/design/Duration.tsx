import { formatDuration, secondsSince } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';

/** A length of time: 3:05. */
export function Duration({ seconds }: { seconds: number }) {
  return <span className="cl-nowrap">{formatDuration(seconds)}</span>;
}

/** How long something has lasted, counting. Not announced second by second: its label carries the meaning. */
export function Since({ moment }: { moment: string }) {
  const now = useNow();
  return (
    <time className="cl-nowrap" dateTime={moment}>
      {formatDuration(secondsSince(moment, now))}
    </time>
  );
}
