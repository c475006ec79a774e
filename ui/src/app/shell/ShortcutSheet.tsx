import { Checkbox, Modal } from 'antd';
import { useSyncExternalStore } from 'react';
import { Key } from '@/design/atoms';
import { useMessages } from '@/shared/i18n/useMessages';
import { shownKeys } from '@/shared/keyboard/chord';
import { chordOf, SHORTCUTS, shortcuts, type Shortcut, type ShortcutId } from '@/shared/keyboard/shortcuts';
import { signsHeard } from '@/shared/keyboard/signs';
import { useShortcut } from '@/shared/keyboard/useShortcut';
import { useShortcutNames } from '@/shared/keyboard/useShortcutNames';
import { useStored } from '@/shared/storage/useStored';
import { messages } from '../messages';
import styles from './ShortcutSheet.module.css';

interface Props {
  open: boolean;
  onChange: (open: boolean) => void;
}

/** What the keys do on this page: those that are registered, and no others. */
export function ShortcutSheet({ open, onChange }: Props) {
  const t = useMessages(messages);
  useShortcut('sheet', () => onChange(!open));
  return (
    <Modal title={t('keys.title')} open={open} onCancel={() => onChange(false)} footer={null} width={720} destroyOnHidden>
      <ShortcutGroups />
    </Modal>
  );
}

/** Grouped, in the order in which they are written down. */
export function ShortcutGroups() {
  const t = useMessages(messages);
  const named = useShortcutNames();
  const heard = useStored(signsHeard);
  const here = useSyncExternalStore(shortcuts.subscribe, shortcuts.getAll);
  const listed = (Object.keys(SHORTCUTS) as ShortcutId[]).filter((id) => here.some((entry) => entry.id === id));
  const groups = [...new Set(listed.map((id) => SHORTCUTS[id].group))];
  return (
    <>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group} className={styles.group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`}>{named.group(group)}</h3>
            <dl>
              {listed
                .filter((id) => SHORTCUTS[id].group === group)
                .map((id) => (
                  <Line key={id} id={id} ready={here.some((entry) => entry.id === id && entry.ready)} name={named.shortcut(id)} />
                ))}
            </dl>
          </section>
        ))}
      </div>
      <Checkbox checked={heard} onChange={(event) => signsHeard.set(event.target.checked)}>
        {t('keys.signs', { key: chordOf('sheet') })}
      </Checkbox>
      <p className="cl-note cl-muted">{t('keys.typing')}</p>
    </>
  );
}

function Line({ id, ready, name }: { id: ShortcutId; ready: Shortcut['ready']; name: string }) {
  const t = useMessages(messages);
  return (
    <div className={styles.line} data-shortcut={id} data-ready={ready}>
      <dt>
        {name}
        {!ready && <small>{t('keys.not_now')}</small>}
      </dt>
      <dd>
        {SHORTCUTS[id].chords.map((chord) => (
          <Key key={chord} spoken>
            {shownKeys(chord)}
          </Key>
        ))}
      </dd>
    </div>
  );
}
