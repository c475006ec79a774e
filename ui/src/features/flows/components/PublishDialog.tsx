import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Input, Modal } from 'antd';
import { useState } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import { Problem } from '@/shared/http/problem';
import { useMessages } from '@/shared/i18n/useMessages';
import { differenceQuery, publish } from '../api/flows';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Definition } from '../model/definition';
import styles from './Dialogs.module.css';

interface Props {
  code: string;
  definition: Definition;
  /** The draft as it is stored, and what is in force; null when nothing is. */
  draft: { version: number; revision: number };
  published: number | null;
  onPublished: (version: number) => void;
  /** Somebody stored another draft since. */
  onStale: () => void;
  onClose: () => void;
}

/** What will be different for callers, and one more thought before it is. */
export function PublishDialog({ code, definition, draft, published, onPublished, onStale, onClose }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [note, setNote] = useState('');
  const publishing = useMutation({ mutationFn: () => publish(code, draft.revision, note), onSuccess: ({ version }) => onPublished(version), onError: (error) => error instanceof Problem && error.code === 'flow-changed' && onStale() });
  return (
    <Modal
      open
      title={t('publish.title', { n: draft.version })}
      okText={t('publish.do')}
      cancelText={t('form.cancel')}
      confirmLoading={publishing.isPending}
      onOk={() => publishing.mutate()}
      onCancel={onClose}
    >
      <p className="cl-secondary">{t('publish.what')}</p>
      {published === null ? <p>{t('publish.first')}</p> : <Difference code={code} definition={definition} old={published} now={draft.version} revision={draft.revision} />}
      <label className={styles.note}>
        <span>{t('publish.note')}</span>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} value={note} onChange={({ target }) => setNote(target.value)} />
      </label>
      {publishing.isError && <Alert type="error" showIcon title={sentence(publishing.error)} />}
    </Modal>
  );
}

/** What is different from one version to another, step by step. */
export function Difference({ code, definition, old, now, revision }: { code: string; definition: Definition; old: number; now: number; revision: number }) {
  const t = useMessages(messages);
  const words = useStepWords();
  const found = useQuery(differenceQuery(code, old, now, revision));
  if (found.isError) return <ErrorPanel what={t('difference')} error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what={t('difference')} rows={3} />;
  const { around, steps } = found.data;
  if (around.length + steps.length === 0) return <p className="cl-muted">{t('difference.none', { n: old })}</p>;
  return (
    <section aria-label={t('difference')}>
      <p className="cl-note cl-muted">{t('difference.from', { old, now })}</p>
      <ul className={styles.difference}>
        {around.map((name) => (
          <li key={name}>{t('difference.around', { name: words.field(name) })}</li>
        ))}
        {steps.map(({ step, change, fields }) => (
          <li key={step}>
            <b>{words.title(step, definition.steps[step])}</b> {t(change === 'added' ? 'difference.added' : change === 'removed' ? 'difference.removed' : 'difference.changed', { fields: fields.map((field) => words.field(field)).join(t('difference.and')) })}
          </li>
        ))}
      </ul>
    </section>
  );
}
