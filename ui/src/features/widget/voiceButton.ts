import { serverOrigin } from '@/shared/http/origin';
import type { VisitorChat } from '@/shared/visitor/visitorChat';
import { drawn, element } from './element';
import { say } from './say';
import type { RecordVoice, VoiceWords } from './voice';
import { RECORD_VOICE } from './voiceName';

let loading: Promise<RecordVoice> | null = null;

/** What records is a script of its own, which most pages with the widget never need. */
function load(): Promise<RecordVoice> {
  loading ??= new Promise<RecordVoice>((resolve, reject) => {
    const script = element('script', { src: new URL('/widget-voice.js', serverOrigin()).href });
    script.addEventListener('load', () => resolve((window as unknown as Record<symbol, RecordVoice>)[RECORD_VOICE] as RecordVoice));
    script.addEventListener('error', () => {
      loading = null;
      reject(new Error('widget-voice.js did not load'));
    });
    document.head.append(script);
  });
  return loading;
}

export const playerWords = (): Pick<VoiceWords, 'play' | 'pause' | 'lost'> => ({ play: say('voice_play'), pause: say('voice_pause'), lost: say('voice_lost') });

const words = (): VoiceWords => ({
  ...playerWords(),
  asking: say('voice_asking'),
  refused: say('voice_refused'),
  stop: say('voice_stop'),
  send: say('send'),
  discard: say('voice_discard'),
  level: say('voice_level'),
});

/** Where a voice message is recorded, and the button that begins it; a browser that cannot record has none. */
export function voiceButton(chat: VisitorChat): { place: HTMLElement; speak: HTMLButtonElement } {
  const place = element('div');
  const send = (recording: { blob: Blob; durationMs: number }) => chat.files.send(recording.blob, say('voice'), recording.durationMs);
  const speak = drawn(['M9 6a3 3 0 0 1 6 0v6a3 3 0 0 1-6 0z', 'M5 11a7 7 0 0 0 14 0', 'M12 18v3'], () => {
    if (place.childElementCount > 0) return;
    // Stands there while the script is on its way, so that a second click begins no second recording.
    const asking = element('p', { class: 'voice', role: 'status' }, say('voice_asking'));
    place.replaceChildren(asking);
    // Who asked may have left meanwhile.
    const then = (act: () => void) => {
      if (place.firstChild === asking) act();
    };
    load().then(
      (record) => then(() => record(place, words(), send)),
      () => then(() => place.replaceChildren(say('voice_lost'))),
    );
  });
  speak.hidden = !('MediaRecorder' in window && 'mediaDevices' in navigator);
  return { place, speak };
}
