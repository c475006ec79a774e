import { formatDuration } from '@/shared/time/format';
import { element } from './element';

interface Words {
  readonly play: string;
  readonly pause: string;
  readonly lost: string;
}

/** Plays a voice message: one button, how far it is, how long it takes. The length is known without loading it. */
export function player(durationMs: number, source: () => Promise<string>, words: Words): HTMLElement {
  const sound = element('audio', { preload: 'none' });
  const toggle = element('button', { type: 'button', class: 'tool', 'aria-label': words.play }, '▶');
  const bar = element('progress', { max: String(Math.max(1, durationMs)), value: '0' });
  const time = element('small', {}, formatDuration(durationMs / 1000));
  const show = () => {
    const playing = !sound.paused;
    const atMs = Math.min(durationMs, sound.currentTime * 1000);
    toggle.textContent = playing ? '❚❚' : '▶';
    toggle.setAttribute('aria-label', playing ? words.pause : words.play);
    bar.value = sound.ended ? 0 : atMs;
    time.textContent = formatDuration((playing ? atMs : durationMs) / 1000);
  };
  const start = async () => {
    try {
      if (sound.src === '' || sound.error !== null) sound.src = await source();
      await sound.play();
    } catch {
      time.textContent = words.lost;
    }
  };
  toggle.addEventListener('click', () => {
    if (sound.paused) void start();
    else sound.pause();
  });
  for (const name of ['play', 'pause', 'timeupdate', 'ended']) sound.addEventListener(name, show);
  return element('div', { class: 'player' }, sound, toggle, bar, time);
}
