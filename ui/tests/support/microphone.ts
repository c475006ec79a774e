import { expect, vi } from 'vitest';

/** A browser's microphone, asked for and answered by the test. */
export class FakeMicrophone {
  /** How many are on now. */
  on = 0;
  private readonly asked: ((allowed: boolean) => void)[] = [];

  constructor({ broken = false } = {}) {
    const getUserMedia = () =>
      new Promise((allow, refuse) => {
        this.asked.push((allowed) => {
          if (!allowed) {
            refuse(new DOMException('no', 'NotAllowedError'));
            return;
          }
          this.on += 1;
          allow({ getTracks: () => [{ stop: () => (this.on -= 1) }] });
        });
      });
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
    vi.stubGlobal(
      'MediaRecorder',
      class {
        static isTypeSupported = () => true;
        state = 'inactive';
        mimeType = 'audio/webm';
        onstop: (() => void) | null = null;
        ondataavailable: ((event: { data: Blob }) => void) | null = null;
        constructor() {
          if (broken) throw new DOMException('no such codec', 'NotSupportedError');
        }
        start() {
          this.state = 'recording';
        }
        stop() {
          this.state = 'inactive';
          this.ondataavailable?.({ data: new Blob(['sound']) });
          this.onstop?.();
        }
      },
    );
    vi.stubGlobal(
      'AudioContext',
      class {
        state = 'running';
        createAnalyser = () => ({ fftSize: 32, getFloatTimeDomainData: () => undefined });
        createMediaStreamSource = () => ({ connect: () => undefined });
        close = () => Promise.resolve();
      },
    );
  }

  async answer(allowed: boolean): Promise<void> {
    await expect.poll(() => this.asked, { message: 'who asks for the microphone' }).not.toHaveLength(0);
    this.asked.shift()?.(allowed);
    await new Promise((resolve) => setTimeout(resolve));
  }

  get questions(): number {
    return this.asked.length;
  }
}
