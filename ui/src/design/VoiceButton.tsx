import { Mic, Send, Square, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatDuration } from '@/shared/time/format';
import type { Recording, VoiceRecorder } from '@/shared/voice/recorder';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import styles from './VoiceButton.module.css';
import { VoicePlayer } from './VoicePlayer';

const messages = catalogue(zh, en);
const LOOK_MS = 100;

interface Props {
  className: string | undefined;
  size: number;
  send: (recording: Recording) => void;
}

type Stage =
  | { at: 'idle' }
  | { at: 'asking' }
  | { at: 'recording'; recorder: VoiceRecorder }
  | { at: 'review'; recording: Recording; address: string }
  | { at: 'refused' };

/** A voice message: recorded, listened to, and then sent or thrown away. What records is loaded when it is first wanted. */
export function VoiceButton({ className, size, send }: Props) {
  const t = useMessages(messages);
  const [stage, setStage] = useState<Stage>({ at: 'idle' });
  const latest = useRef(stage);
  /** Counts what was begun and what was closed: an answer that comes to an earlier one finds nobody. */
  const attempt = useRef(0);
  useEffect(() => {
    latest.current = stage;
  }, [stage]);
  useEffect(
    () => () => {
      attempt.current += 1;
      discard(latest.current);
    },
    [],
  );

  const finish = async (recorder: VoiceRecorder) => {
    // Ended by hand as its longest length is reached, or by two clicks, it is shown once: its address would stay with the page.
    attempt.current += 1;
    const now = attempt.current;
    const recording = await recorder.stop();
    if (attempt.current !== now) return;
    setStage(recording === null ? { at: 'idle' } : { at: 'review', recording, address: URL.createObjectURL(recording.blob) });
  };
  const begin = async () => {
    attempt.current += 1;
    const now = attempt.current;
    setStage({ at: 'asking' });
    try {
      const { VoiceRecorder } = await import('@/shared/voice/recorder');
      if (attempt.current !== now) return;
      const recorder: VoiceRecorder = await VoiceRecorder.start(() => void finish(recorder));
      if (attempt.current === now) setStage({ at: 'recording', recorder });
      else recorder.letGo();
    } catch {
      if (attempt.current === now) setStage({ at: 'refused' });
    }
  };
  const close = () => {
    attempt.current += 1;
    discard(stage);
    setStage({ at: 'idle' });
  };

  return (
    <span className={styles.place}>
      <button
        type="button"
        className={className}
        title={t('tools.voice')}
        aria-label={t('tools.voice')}
        aria-expanded={stage.at !== 'idle'}
        onClick={() => (stage.at === 'idle' || stage.at === 'refused' ? void begin() : close())}
      >
        <Mic size={size} aria-hidden />
      </button>
      {stage.at !== 'idle' && (
        <span className={styles.panel} role="group" aria-label={t('tools.voice')}>
          {stage.at === 'asking' && <span role="status">{t('voice.asking')}</span>}
          {stage.at === 'refused' && <span role="alert">{t('voice.refused')}</span>}
          {stage.at === 'recording' && (
            <>
              <Level recorder={stage.recorder} />
              <button type="button" onClick={() => void finish(stage.recorder)} aria-label={t('voice.stop')} title={t('voice.stop')}>
                <Square size={18} aria-hidden />
              </button>
            </>
          )}
          {stage.at === 'review' && (
            <>
              <VoicePlayer durationMs={stage.recording.durationMs} source={() => Promise.resolve(stage.address)} />
              <button
                type="button"
                onClick={() => {
                  send(stage.recording);
                  close();
                }}
                aria-label={t('voice.send')}
                title={t('voice.send')}
              >
                <Send size={18} aria-hidden />
              </button>
            </>
          )}
          <button type="button" onClick={close} aria-label={t('voice.discard')} title={t('voice.discard')}>
            <Trash2 size={18} aria-hidden />
          </button>
        </span>
      )}
    </span>
  );
}

function discard(stage: Stage): void {
  if (stage.at === 'recording') stage.recorder.letGo();
  if (stage.at === 'review') URL.revokeObjectURL(stage.address);
}

/** How loud and how long. */
function Level({ recorder }: { recorder: VoiceRecorder }) {
  const t = useMessages(messages);
  const [shown, setShown] = useState({ level: 0, ms: 0 });
  useEffect(() => {
    const timer = setInterval(() => setShown({ level: recorder.level(), ms: recorder.elapsedMs }), LOOK_MS);
    return () => clearInterval(timer);
  }, [recorder]);
  return (
    <>
      <span className={styles.dot} aria-hidden />
      <meter min={0} max={1} value={shown.level} aria-label={t('voice.level')} />
      <span className={styles.time}>{formatDuration(shown.ms / 1000)}</span>
    </>
  );
}
