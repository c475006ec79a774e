import { formatDuration } from '@/shared/time/format';
import { VoiceRecorder, type Recording } from '@/shared/voice/recorder';
import { button, element } from './element';
import { player } from './player';

export interface VoiceWords {
  readonly asking: string;
  readonly refused: string;
  readonly stop: string;
  readonly send: string;
  readonly discard: string;
  readonly level: string;
  readonly play: string;
  readonly pause: string;
  readonly lost: string;
}

const LOOK_MS = 100;

/** Records into `place`: how loud and how long it is, then to be listened to, and sent or thrown away. */
export type RecordVoice = (place: HTMLElement, words: VoiceWords, send: (recording: Recording) => void) => void;

export const recordVoice: RecordVoice = (place, words, send) => {
  const close = () => place.replaceChildren();
  const panel = (...parts: (Node | string)[]) => {
    const shown = element('div', { class: 'voice' }, ...parts);
    place.replaceChildren(shown);
    return shown;
  };

  const review = (recording: Recording) => {
    const address = URL.createObjectURL(recording.blob);
    const heard = player(recording.durationMs, () => Promise.resolve(address), words);
    const shown = panel(
      heard,
      button(words.discard, 'plain', close),
      button(words.send, 'send', () => {
        send(recording);
        close();
      }),
    );
    // However it goes: who spoke may have left.
    const watch = new MutationObserver(() => {
      if (isShown(shown)) return;
      watch.disconnect();
      heard.querySelector('audio')?.pause();
      URL.revokeObjectURL(address);
    });
    watch.observe(place, { childList: true });
  };
  const isShown = (part: Node) => place.firstChild === part;
  /** The panel was closed, or the question taken back: nobody means to be heard any more. */
  const gone = (shown: Node) => !place.isConnected || place.closest('[hidden]') !== null || !isShown(shown);
  /** Returns what ends the recording. */
  const run = (recorder: VoiceRecorder): (() => void) => {
    const meter = element('meter', { min: '0', max: '1', 'aria-label': words.level });
    const time = element('small');
    const finish = async () => {
      clearInterval(timer);
      const recording = await recorder.stop();
      if (!isShown(shown)) return;
      if (recording === null) close();
      else review(recording);
    };
    const cancel = () => {
      clearInterval(timer);
      recorder.letGo();
      shown.remove();
    };
    const shown = panel(meter, time, button(words.discard, 'plain', cancel), button(words.stop, 'send', () => void finish()));
    const timer = setInterval(() => {
      if (gone(shown)) cancel();
      meter.value = recorder.level();
      time.textContent = formatDuration(recorder.elapsedMs / 1000);
    }, LOOK_MS);
    return () => void finish();
  };

  const question = panel(words.asking, button(words.discard, 'plain', close));
  let full: () => void = () => undefined;
  VoiceRecorder.start(() => full()).then(
    (recorder) => {
      if (!gone(question)) {
        full = run(recorder);
        return;
      }
      recorder.letGo();
      question.remove();
    },
    () => {
      if (!gone(question)) panel(words.refused, button(words.discard, 'plain', close));
      else question.remove();
    },
  );
};
