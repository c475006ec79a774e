/** Records what somebody says, for a voice message: bounded in length, listened to before it is sent, or thrown away. */

export interface Recording {
  readonly blob: Blob;
  readonly durationMs: number;
}

/** As the server takes it, with a little to spare for browsers that stop late. */
export const LONGEST_MS = 120_000;
export const SHORTEST_MS = 500;

const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
const BITS_PER_SECOND = 32_000;
/** Half of what a loud voice reaches: a bar that is full at a whisper says as little as one that never moves. */
const LOUD = 0.35;

/** Why nothing can be recorded: the browser cannot, or does not let us. */
export class NoMicrophone extends Error {
  override readonly name = 'NoMicrophone';
}

export const canRecord = (): boolean => 'MediaRecorder' in window && 'mediaDevices' in navigator;

export class VoiceRecorder {
  private readonly stream: MediaStream;
  private readonly recorder: MediaRecorder;
  private readonly context: AudioContext;
  private readonly analyser: AnalyserNode;
  private readonly parts: Blob[] = [];
  private readonly startedAt = performance.now();
  private readonly timer: ReturnType<typeof setTimeout>;
  private endedAt: number | null = null;
  private readonly ended: Promise<void>;

  /** Asks for the microphone and begins. `full` is called when the longest length is reached. */
  static async start(full: () => void): Promise<VoiceRecorder> {
    if (!canRecord()) throw new NoMicrophone('not supported');
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    } catch (error) {
      throw new NoMicrophone('refused', { cause: error });
    }
    try {
      return new VoiceRecorder(stream, full);
    } catch (error) {
      stream.getTracks().forEach((track) => track.stop());
      throw new NoMicrophone('not supported', { cause: error });
    }
  }

  private constructor(stream: MediaStream, full: () => void) {
    this.stream = stream;
    const kind = KINDS.find((each) => MediaRecorder.isTypeSupported(each));
    this.recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(kind !== undefined && { mimeType: kind }) });
    this.recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) this.parts.push(data);
    };
    this.ended = new Promise((resolve) => {
      this.recorder.onstop = () => resolve();
    });
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.recorder.start(1000);
    this.timer = setTimeout(full, LONGEST_MS);
  }

  get elapsedMs(): number {
    return Math.min(LONGEST_MS, (this.endedAt ?? performance.now()) - this.startedAt);
  }

  /** How loud it is now, 0 to 1. */
  level(): number {
    const samples = new Float32Array(this.analyser.fftSize);
    this.analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    return Math.min(1, Math.sqrt(power) / LOUD);
  }

  /** Ends it; the microphone is let go. Null when it was too short to be anything. */
  async stop(): Promise<Recording | null> {
    this.letGo();
    await this.ended;
    const durationMs = Math.round(this.elapsedMs);
    if (durationMs < SHORTEST_MS || this.parts.length === 0) return null;
    return { blob: new Blob(this.parts, { type: this.recorder.mimeType }), durationMs };
  }

  /** Throws it away; the microphone is let go. */
  letGo(): void {
    this.endedAt ??= performance.now();
    clearTimeout(this.timer);
    if (this.recorder.state !== 'inactive') this.recorder.stop();
    this.stream.getTracks().forEach((track) => track.stop());
    if (this.context.state !== 'closed') void this.context.close();
  }
}
