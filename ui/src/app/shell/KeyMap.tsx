import { Modal } from 'antd';
import { useEffect, useEffectEvent } from 'react';
import { Key } from '@/design/atoms';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './Shell.module.css';

const KEYS = [
  ['F2', 'keys.accept'],
  ['Shift F2', 'keys.decline'],
  ['F4', 'keys.mute'],
  ['Shift F4', 'keys.keypad'],
  ['F8', 'keys.hold'],
  ['Shift F8', 'keys.hang_up'],
  ['Ctrl K', 'keys.reply'],
  ['F9', 'keys.transfer'],
  ['Shift F9', 'keys.invite'],
  ['Alt N', 'keys.note'],
  ['Alt ↑ ↓', 'keys.next'],
  ['Alt ⏎', 'keys.oldest'],
  ['Ctrl ⏎', 'keys.send'],
  ['Ctrl Shift 1…3', 'keys.state'],
  ['Esc', 'keys.close'],
  ['Ctrl /', 'keys.title'],
] as const;

export function KeyMap({ open, onChange }: { open: boolean; onChange: (open: boolean) => void }) {
  const t = useMessages(messages);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== '/' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onChange(!open);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
  return (
    <Modal title={t('keys.title')} open={open} onCancel={() => onChange(false)} footer={null} width={440}>
      <dl className={styles.keys}>
        {KEYS.map(([key, name]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>
              <Key>{key}</Key>
            </dt>
            <dd>{t(name)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
