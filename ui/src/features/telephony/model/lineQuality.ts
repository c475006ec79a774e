/** How the line is, as far as the browser's own statistics tell. */
export interface LineQuality {
  readonly roundTripMs: number | null;
  /** Share of packets lost since the call began, 0 to 1. */
  readonly lost: number;
}

const BAD_ROUND_TRIP_MS = 300;
const BAD_LOSS = 0.03;

export function isGood({ roundTripMs, lost }: LineQuality): boolean {
  return lost < BAD_LOSS && (roundTripMs ?? 0) < BAD_ROUND_TRIP_MS;
}

interface InboundAudio {
  type: 'inbound-rtp';
  packetsReceived?: number;
  packetsLost?: number;
}

interface CandidatePair {
  type: 'candidate-pair';
  nominated?: boolean;
  currentRoundTripTime?: number;
}

export type Stat = InboundAudio | CandidatePair | { type: 'other' };

/** Null until there is an audio stream to speak of. */
export function qualityOf(stats: Iterable<Stat>): LineQuality | null {
  let [received, lost]: [number | null, number] = [null, 0];
  let roundTripMs: number | null = null;
  for (const stat of stats) {
    if (stat.type === 'inbound-rtp') {
      received = (received ?? 0) + (stat.packetsReceived ?? 0);
      lost += Math.max(0, stat.packetsLost ?? 0);
    } else if (stat.type === 'candidate-pair' && stat.nominated === true && stat.currentRoundTripTime !== undefined) {
      roundTripMs = Math.round(stat.currentRoundTripTime * 1000);
    }
  }
  if (received === null || received + lost === 0) return null;
  return { roundTripMs, lost: lost / (received + lost) };
}
