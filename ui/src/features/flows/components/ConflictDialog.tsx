import { Button, Modal } from 'antd';
import { useMemo } from 'react';
import { save } from '@/shared/files/save';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import type { Conflict } from '../hooks/useSavedDraft';
import { useStepWords } from '../hooks/useStepWords';
import type { Writing } from '../hooks/useWork';
import { messages } from '../messages';
import { definitionOf } from '../model/definition';
import { drawingOf, keptDrawing } from '../model/drawing';
import { merged } from '../model/merging';
import styles from './Dialogs.module.css';

interface Props {
  conflict: Conflict;
  writing: Writing;
  onDone: () => void;
}

/** Two people wrote at once: who was faster and when, and how to go on without losing either's work. */
export function ConflictDialog({ conflict: { theirs, version }, writing, onDone }: Props) {
  const t = useMessages(messages);
  const words = useStepWords();
  const zone = useTimeZone();
  const { work, stored } = writing;
  const together = useMemo(() => merged(stored.work.definition, work.definition, definitionOf(theirs.definition)), [stored, work, theirs]);
  const combine = () => {
    writing.goOnFrom(theirs, { definition: together.definition, drawing: { ...drawingOf(theirs.drawing), ...work.drawing } });
    onDone();
  };
  const take = () => {
    const mine = { format: 'careline-flow-1', code: theirs.code, name: theirs.name, version: theirs.newest_version, definition: work.definition, drawing: keptDrawing(work.drawing, work.definition) };
    save(new File([JSON.stringify(mine, null, 2)], `${theirs.code}-mine.json`, { type: 'application/json' }));
    writing.goOnFrom(theirs, null);
    onDone();
  };
  const who = { who: version?.changed_by ?? t('system'), time: formatMoment(version?.changed_at ?? theirs.changed_at, t.language, zone, serverNow()) };
  return (
    <Modal
      open
      title={t('conflict.title')}
      onCancel={onDone}
      footer={
        <div className={styles.buttons} style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onDone}>{t('conflict.later')}</Button>
          <Button onClick={take}>{t('conflict.take_theirs')}</Button>
          <Button type="primary" onClick={combine}>
            {t('conflict.combine')}
          </Button>
        </div>
      }
    >
      <p>{t('conflict.who', who)}</p>
      <p className="cl-secondary">{t('conflict.what')}</p>
      {together.both.length > 0 && (
        <>
          <p>{t('conflict.both')}</p>
          <ul className={styles.difference}>
            {together.both.map((name) => (
              <li key={name}>{words.title(name, work.definition.steps[name] ?? definitionOf(theirs.definition).steps[name])}</li>
            ))}
          </ul>
        </>
      )}
    </Modal>
  );
}
