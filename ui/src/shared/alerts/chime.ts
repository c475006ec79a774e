/** The tones of an alert: frequency in Hz, and when it begins, in seconds. */
const TONES = {
  offer: [
    [659, 0],
    [880, 0.18],
    [1109, 0.36],
  ],
  message: [[880, 0]],
} as const;

export type Chime = keyof typeof TONES;

const TONE_S = 0.16;
const EVERY_S = 3;
const LOUDNESS = 0.18;

/**
 * Sounds made here, without a file. A browser gives no sound before somebody has clicked or typed on the page:
 * `unlock` is called then. What repeats is laid on the sound's own clock at once, so that it needs no timer, which a
 * page in the background hardly gets.
 */
export class Bell {
  private context: AudioContext | null = null;
  private ringing = new Map<string, GainNode>();
  private readonly make: () => AudioContext;
  private readonly listeners = new Set<() => void>();

  constructor(make: () => AudioContext = () => new AudioContext()) {
    this.make = make;
  }

  /** Whether a sound would be heard. */
  isUnlocked = (): boolean => this.context?.state === 'running';

  onChange = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** To be called from a click or key. */
  unlock = async (): Promise<void> => {
    try {
      this.context ??= this.make();
      if (this.context.state !== 'running') await this.context.resume();
    } catch {
      // No sound device, or the browser will not: the rest of the alert remains.
    }
    this.listeners.forEach((listener) => listener());
  };

  /** Rings once, or again and again for so many seconds; false when it cannot be heard. */
  ring(name: string, chime: Chime, forSeconds = 0): boolean {
    const { context } = this;
    if (context === null || context.state !== 'running') return false;
    this.stop(name);
    const out = context.createGain();
    out.gain.value = LOUDNESS;
    out.connect(context.destination);
    this.ringing.set(name, out);
    for (let from = 0; from === 0 || from < forSeconds; from += EVERY_S) {
      for (const [hertz, at] of TONES[chime]) this.tone(context, out, hertz, context.currentTime + from + at);
    }
    return true;
  }

  stop(name: string): void {
    this.ringing.get(name)?.disconnect();
    this.ringing.delete(name);
  }

  private tone(context: AudioContext, out: GainNode, hertz: number, at: number): void {
    const source = context.createOscillator();
    const shape = context.createGain();
    source.frequency.value = hertz;
    shape.gain.setValueAtTime(0, at);
    shape.gain.linearRampToValueAtTime(1, at + 0.02);
    shape.gain.linearRampToValueAtTime(0, at + TONE_S);
    source.connect(shape).connect(out);
    source.start(at);
    source.stop(at + TONE_S + 0.02);
  }
}

/** The page's one bell. */
export const bell = new Bell();
