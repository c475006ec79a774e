import { Button, Dropdown } from 'antd';
import { Plus } from 'lucide-react';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import { KINDS, type Group, type KnownKind } from '../model/kinds';
import styles from './Palette.module.css';

const GROUPS: readonly Group[] = ['say', 'ask', 'act', 'decide', 'person', 'end'];
const ALL = Object.keys(KINDS) as KnownKind[];

/** The steps that can be added, by what they are for. */
export function Palette({ onAdd }: { onAdd: (kind: KnownKind) => void }) {
  const t = useMessages(messages);
  const words = useStepWords();
  return (
    <nav className={styles.palette} aria-label={t('palette')}>
      {GROUPS.map((group) => (
        <section key={group}>
          <h3 className={styles.heading}>{t(`group.${group}`)}</h3>
          {ALL.filter((kind) => KINDS[kind].group === group).map((kind) => {
            const { icon: Icon } = KINDS[kind];
            return (
              <button key={kind} type="button" className={styles.kind} onClick={() => onAdd(kind)}>
                <Icon size={16} aria-hidden />
                {words.kind(kind)}
              </button>
            );
          })}
        </section>
      ))}
    </nav>
  );
}

/** The same where there is no room for a column. */
export function AddStep({ onAdd }: { onAdd: (kind: KnownKind) => void }) {
  const t = useMessages(messages);
  const words = useStepWords();
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items: ALL.map((kind) => ({ key: kind, label: words.kind(kind) })), onClick: ({ key }) => onAdd(key as KnownKind), style: { maxHeight: 360, overflow: 'auto' } }}
    >
      <Button icon={<Plus size={14} aria-hidden />}>{t('palette')}</Button>
    </Dropdown>
  );
}
