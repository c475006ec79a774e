import { App, Popover } from 'antd';
import { ArrowRightLeft, Grip, Mic, MicOff, Music, Pause, PhoneOff, Play, type LucideIcon } from 'lucide-react';
import { useState, type ComponentProps } from 'react';
import { Since } from '@/design/Duration';
import { useErrorSentence } from '@/design/useErrorSentence';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { ariaKeys, shownKeys } from '@/shared/keyboard/chord';
import { chordOf, type ShortcutId } from '@/shared/keyboard/shortcuts';
import { useShortcut } from '@/shared/keyboard/useShortcut';
import { endCall } from '../api/softphone';
import { useHold } from '../hooks/useHold';
import { usePhoneState, useSoftphone } from '../hooks/useSoftphone';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CallBar.module.css';
import { Keypad } from './Keypad';

const messages = catalogue(zh, en);

interface Props {
  interactionId: string;
  /** Since when the caller is on hold; null while they are not. */
  heldSince: string | null;
  onTransfer: () => void;
}

/** What can be done with the call on the line; always at the same place. */
export function CallBar({ interactionId, heldSince, onTransfer }: Props) {
  const t = useMessages(messages);
  const phone = useSoftphone();
  const { call } = usePhoneState();
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const [keypad, setKeypad] = useState(false);
  // The one on the line may be another than the one on the screen: an interaction of a call bears the call's name.
  const onLine = call?.ref === interactionId ? call : null;
  const here = onLine?.phase === 'talking';
  const muted = onLine?.muted === true;

  const toggleMute = () => here && phone.setMuted(!muted);
  const { held, toggle: toggleHold } = useHold(interactionId, heldSince);
  const keys = here && !held;
  // The server ends the talk: the line's own goodbye may be that of a page that goes, and its caller is connected again.
  const hangUp = () => {
    if (here) phone.setMuted(true); // who hangs up is heard no more from here on, however long the server takes
    if (onLine !== null && !here) phone.hangUp();
    else
      endCall(interactionId).catch((error: unknown) => {
        if (here) phone.hangUp();
        void message.error(sentence(error));
      });
  };
  useShortcut('mute', toggleMute, { ready: here });
  useShortcut('hold', toggleHold);
  useShortcut('keypad', () => setKeypad((open) => !open), { ready: keys });
  useShortcut('transfer', onTransfer);
  useShortcut('hang_up', hangUp);

  return (
    <div className={styles.bar} role="toolbar" aria-label={t('bar.title')}>
      <BarButton icon={muted ? Mic : MicOff} label={muted ? t('bar.unmute') : t('bar.mute')} keys="mute" on={muted} disabled={!here} onClick={toggleMute} />
      <BarButton icon={held ? Play : Pause} label={held ? t('bar.unhold') : t('bar.hold')} keys="hold" on={held} onClick={toggleHold} />
      <Popover open={keypad && keys} onOpenChange={setKeypad} trigger="click" content={<Keypad onKey={(key) => void phone.sendKey(key)} />}>
        <BarButton icon={Grip} label={t('bar.keypad')} keys="keypad" on={keypad && keys} disabled={!keys} />
      </Popover>
      <BarButton icon={ArrowRightLeft} label={t('bar.transfer')} keys="transfer" onClick={onTransfer} />
      <span className={`cl-grow ${styles.state}`}>
        <span role="status">
          {held && (
            <span className={styles.held}>
              <Music size={14} aria-hidden /> {t('bar.on_hold')}
            </span>
          )}
        </span>
        {heldSince !== null && held && <Since moment={heldSince} />}
        {!here && !held && <span className="cl-note cl-muted">{t('bar.elsewhere')}</span>}
      </span>
      <BarButton icon={PhoneOff} label={t('bar.hang_up')} keys="hang_up" onClick={hangUp} danger />
    </div>
  );
}

interface BarButtonProps extends ComponentProps<'button'> {
  icon: LucideIcon;
  label: string;
  keys: ShortcutId;
  on?: boolean;
  danger?: boolean;
}

/** `rest` carries what a popover needs of the button that opens it. */
function BarButton({ icon: Icon, label, keys, on, danger = false, className = '', ...rest }: BarButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`${styles.button} ${danger ? styles.end : ''} ${className}`}
      aria-pressed={on}
      aria-keyshortcuts={ariaKeys(chordOf(keys))}
    >
      <Icon size={20} aria-hidden />
      {label}
      <small aria-hidden="true">{shownKeys(chordOf(keys))}</small>
    </button>
  );
}
