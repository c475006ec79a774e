import { Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatDuration } from '@/shared/time/format';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import styles from './VoicePlayer.module.css';

const messages = catalogue(zh, en);

interface Props {
  /** Null when it is known only once it is loaded. */
  durationMs: number | null;
  /** Where the sound is; asked for when it is to be played. */
  source: () => Promise<string>;
}

/** Plays a voice message: one button, how far it is, how long it takes. The length is known without loading it. */
export function VoicePlayer({ durationMs: told, source }: Props) {
  const t = useMessages(messages);
  const sound = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [lost, setLost] = useState(false);
  const [atMs, setAtMs] = useState(0);
  const [loadedMs, setLoadedMs] = useState<number | null>(null);
  const durationMs = told ?? loadedMs ?? 0;
  const known = told !== null || loadedMs !== null;

  useEffect(() => {
    const element = sound.current;
    return () => element?.pause();
  }, []);

  const toggle = async () => {
    const element = sound.current;
    if (element === null) return;
    if (playing) {
      element.pause();
      return;
    }
    setLost(false);
    try {
      if (element.src === '' || element.error !== null) element.src = await source();
      await element.play();
    } catch {
      setLost(true);
    }
  };

  return (
    <span className={styles.player}>
      <audio
        ref={sound}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={({ currentTarget }) => setAtMs(currentTarget.currentTime * 1000)}
        onEnded={() => setAtMs(0)}
        onDurationChange={({ currentTarget: { duration } }) => setLoadedMs(Number.isFinite(duration) ? duration * 1000 : null)}
      />
      <button type="button" onClick={() => void toggle()} aria-label={t(playing ? 'voice.pause' : 'voice.play')}>
        {playing ? <Pause size={18} aria-hidden /> : <Play size={18} aria-hidden />}
      </button>
      <progress max={Math.max(1, durationMs)} value={Math.min(atMs, durationMs)} aria-label={t('voice.progress')} />
      <span className={styles.time}>{lost ? t('voice.lost') : known && formatDuration((playing || atMs > 0 ? atMs : durationMs) / 1000)}</span>
    </span>
  );
}
