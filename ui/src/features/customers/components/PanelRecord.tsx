import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Dot } from '@/design/atoms';
import { ErrorPanel } from '@/design/panels';
import { Severity } from '@/design/Severity';
import type { CustomerRecord } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { formatShortDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { recordQuery } from '../api/customers';
import { useNotes } from '../hooks/useNotes';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { inForce } from '../model/consents';
import styles from './CustomerPanel.module.css';
import { MoreNotes, NewNote } from './Notes';

const messages = catalogue(zh, en);
const SHOWN = 2;

/** Beside a contact: who uses the lines, what colleagues wrote, what the customer agreed to. */
export function PanelRecord({ customerId }: { customerId: string }) {
  const t = useMessages(messages);
  const record = useQuery(recordQuery(customerId));
  if (record.isError && record.data === undefined) return <ErrorPanel what={t('notes.title')} error={record.error} retry={() => void record.refetch()} />;
  if (record.data === undefined) return null;
  return <Known customerId={customerId} record={record.data} />;
}

function Known({ customerId, record }: { customerId: string; record: CustomerRecord }) {
  const t = useMessages(messages);
  const may = useMay();
  const zone = useTimeZone();
  const [writing, setWriting] = useState(false);
  const [all, setAll] = useState(false);
  const { notes, ...older } = useNotes(customerId, record);
  const { consents, line_users } = record;
  const words = inForce(consents);
  return (
    <>
      {line_users.length > 0 && (
        <p className={`cl-note cl-secondary ${styles.users}`}>
          {t('lines.used_by')} {line_users.map((user) => user.name_masked).join(t('panel.and'))}
        </p>
      )}
      <section className={styles.block}>
        <h3>{t('notes.title')}</h3>
        {notes.length === 0 && !writing && <p className="cl-note cl-muted">{t('notes.none')}</p>}
        {notes.slice(0, all ? undefined : SHOWN).map((note) => (
          <p key={note.id} className={styles.note}>
            {note.text}
            <span className="cl-note cl-muted">
              <Dot />
              {note.author_name ?? t('notes.somebody')} {formatShortDay(note.created_at, zone, serverNow())}
            </span>
          </p>
        ))}
        {notes.length > SHOWN && !all && (
          <Button type="link" size="small" className={styles.link} onClick={() => setAll(true)}>
            {t('notes.more', { n: record.note_count - SHOWN })}
          </Button>
        )}
        {all && <MoreNotes older={older} />}
        {writing && <NewNote customerId={customerId} />}
        {may('customer:write') && !writing && (
          <Button type="link" size="small" className={styles.link} onClick={() => setWriting(true)}>
            {t('notes.write')}
          </Button>
        )}
      </section>
      {words.length > 0 && (
        <section className={styles.block}>
          <h3>{t('consents.title')}</h3>
          <ul className={styles.lines}>
            {words.map((word) => (
              <li key={word.id}>
                <span>{t(`purpose.${word.purpose}`)}</span>
                <Severity level={word.given ? 'ok' : 'warn'}>{t(word.given ? 'consents.given' : 'consents.withdrawn')}</Severity>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
