import { Alert, Button, Input } from 'antd';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { Dot } from '@/design/atoms';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { NoteShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay, useSession } from '@/shared/session/session';
import { forgetName, nameFor } from '@/shared/storage/sentNames';
import { useTextDraft } from '@/shared/storage/useTextDraft';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { rewriteNote, writeNote } from '../api/customers';
import { type Noted, useNotes } from '../hooks/useNotes';
import { useRecordChange } from '../hooks/useRecordChange';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './RecordPage.module.css';

const messages = catalogue(zh, en);
const TEXT_MAX = 2000;

/** What staff wrote down about a customer. A half-written one is kept, also when the page is left. */
export function Notes({ customerId, record }: { customerId: string; record: Noted }) {
  const t = useMessages(messages);
  const may = useMay();
  const { notes, ...older } = useNotes(customerId, record);
  return (
    <section className={styles.card}>
      <h2>{t('notes.title')}</h2>
      {may('customer:write') && <NewNote customerId={customerId} />}
      {notes.length === 0 && <p className="cl-note cl-muted">{t('notes.none')}</p>}
      <ul className={styles.list}>
        {notes.map((note) => (
          <Note key={note.id} customerId={customerId} note={note} />
        ))}
      </ul>
      <MoreNotes older={older} />
    </section>
  );
}

/** What was written before; how many there are. */
export function MoreNotes({ older: { left, error, loading, showMore } }: { older: Omit<ReturnType<typeof useNotes>, 'notes'> }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  return (
    <>
      {error !== null && <Alert type="error" showIcon title={sentence(error)} />}
      {left > 0 && (
        <Button type="link" size="small" style={{ paddingInline: 0 }} loading={loading} onClick={showMore}>
          {t('notes.more', { n: left })}
        </Button>
      )}
    </>
  );
}

/** A field for one more note. */
export function NewNote({ customerId }: { customerId: string }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const key = `customer-note.${customerId}`;
  const [text, setText] = useTextDraft(key);
  const type = (next: string) => {
    if (next.trim() === '') forgetName(key);
    setText(next);
  };
  const write = useRecordChange(
    customerId,
    (wanted: string) => writeNote(customerId, nameFor(wanted, key), wanted),
    () => type(''),
  );
  return (
    <div>
      {write.isError && <Alert type="error" showIcon title={sentence(write.error)} />}
      <Input.TextArea
        aria-label={t('notes.write')}
        placeholder={t('notes.hint')}
        value={text}
        maxLength={TEXT_MAX}
        onChange={(event) => type(event.target.value)}
        autoSize={{ minRows: 2, maxRows: 8 }}
      />
      <div className={styles.buttons}>
        <Button size="small" disabled={text.trim() === ''} loading={write.isPending} onClick={() => write.mutate(text.trim())}>
          {t('notes.save')}
        </Button>
      </div>
    </div>
  );
}

function Note({ customerId, note }: { customerId: string; note: NoteShown }) {
  const t = useMessages(messages);
  const may = useMay();
  const zone = useTimeZone();
  const { user } = useSession();
  const [editing, setEditing] = useState(false);
  const [history, setHistory] = useState(false);
  const open = note.author_id === user.id && may('customer:write') && Date.parse(note.open_until) > serverNow();
  const moment = (at: string) => formatMoment(at, t.language, zone, serverNow());
  if (editing) return <EditNote customerId={customerId} note={note} onClose={() => setEditing(false)} />;
  return (
    <li>
      <div className={`cl-note cl-muted ${styles.row}`}>
        <span>
          {note.author_name ?? t('notes.somebody')}
          <Dot />
          <time dateTime={note.created_at}>{moment(note.created_at)}</time>
          {note.changed_at !== null && (
            <>
              <Dot />
              <Button type="link" size="small" style={{ padding: 0, fontSize: 12 }} aria-expanded={history} onClick={() => setHistory(!history)}>
                {t('notes.changed', { time: moment(note.changed_at) })}
              </Button>
            </>
          )}
        </span>
        {open && <Button type="text" size="small" icon={<Pencil size={12} aria-hidden />} aria-label={t('notes.edit')} onClick={() => setEditing(true)} />}
      </div>
      <p className={styles.said}>{note.text}</p>
      {history &&
        note.earlier.map((one) => (
          <p key={one.until} className={`cl-note cl-muted ${styles.said} ${styles.earlier}`}>
            {t('notes.until', { time: moment(one.until) })} {one.text}
          </p>
        ))}
    </li>
  );
}

function EditNote({ customerId, note, onClose }: { customerId: string; note: NoteShown; onClose: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [text, setText] = useState(note.text);
  const save = useRecordChange(customerId, (wanted: string) => rewriteNote(customerId, note.id, wanted, note.version), onClose);
  return (
    <li>
      {save.isError && <Alert type="error" showIcon title={sentence(save.error)} />}
      <Input.TextArea aria-label={t('notes.edit')} value={text} maxLength={TEXT_MAX} onChange={(event) => setText(event.target.value)} autoSize={{ minRows: 2, maxRows: 8 }} autoFocus />
      <div className={styles.buttons}>
        <Button size="small" type="primary" disabled={text.trim() === ''} loading={save.isPending} onClick={() => save.mutate(text.trim())}>
          {t('form.save')}
        </Button>
        <Button size="small" onClick={onClose}>
          {t('form.cancel')}
        </Button>
      </div>
    </li>
  );
}
