import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Drawer } from 'antd';
import { ErrorPanel, Loading } from '@/design/panels';
import type { AuditEntryShown, SealedEntryShown } from '@/shared/api/generated/types.gen';
import { useSession } from '@/shared/session/session';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { entryQuery } from '../api';
import { wholeMoment } from '../days';
import { objectLink } from '../objectLink';
import { useAuditMessages, useAuditWords } from '../sentence';
import type { AuditFilter } from '../filter';
import { EntryDetails } from './EntryDetails';
import { OutcomeMark } from './OutcomeMark';
import styles from './Audit.module.css';

interface Props {
  seq: number | undefined;
  onClose: () => void;
  /** Look at others instead. */
  onFilter: (filter: AuditFilter) => void;
}

/** One entry of the audit: what it says, what it is about, and whether it still is what was sealed. */
export function EntryDrawer({ seq, onClose, onFilter }: Props) {
  const t = useAuditMessages();
  return (
    <Drawer title={seq === undefined ? t('title') : t('one.title', { seq })} open={seq !== undefined} onClose={onClose} size={560} destroyOnHidden>
      {seq !== undefined && <OneEntry key={seq} seq={seq} onFilter={onFilter} />}
    </Drawer>
  );
}

function OneEntry({ seq, onFilter }: { seq: number; onFilter: Props['onFilter'] }) {
  const t = useAuditMessages();
  const one = useQuery(entryQuery(seq));
  if (one.isError) return <ErrorPanel what={t('one.title', { seq })} error={one.error} retry={() => void one.refetch()} />;
  if (one.data === undefined) return <Loading what={t('one.title', { seq })} rows={8} />;
  const { entry, names } = one.data;
  return (
    <div className={styles.one}>
      <What entry={entry} names={names} onFilter={onFilter} />
      <h3>{t('one.details')}</h3>
      <EntryDetails entry={entry} names={names} />
      <h3>{t('one.chain')}</h3>
      <Chain one={one.data} />
      <details>
        <summary>{t('one.raw')}</summary>
        <pre className={styles.raw}>{JSON.stringify(entry, null, 2)}</pre>
      </details>
    </div>
  );
}

function What({ entry, names, onFilter }: { entry: AuditEntryShown; names: Readonly<Record<string, string>>; onFilter: Props['onFilter'] }) {
  const t = useAuditMessages();
  const words = useAuditWords();
  const zone = useTimeZone();
  const { permissions } = useSession();
  const { subject } = entry;
  const link = objectLink(entry, permissions);
  const kind = entry.kind === null ? '' : words.kindName(entry.kind);
  return (
    <>
      <p className={styles.headline}>
        <b>{words.actionName(entry.action)}</b> <OutcomeMark outcome={entry.outcome} />
      </p>
      <dl className={styles.facts}>
        <dt>{t('field.at')}</dt>
        <dd>
          {wholeMoment(entry.at, t.language, zone)} <span className="cl-muted">{zone}</span>
        </dd>
        <dt>{t('field.actor')}</dt>
        <dd className={styles.led}>
          {words.actorName(entry.actor, names)}
          <Button type="link" size="small" onClick={() => onFilter({ by: entry.actor })}>
            {t('one.all_actor')}
          </Button>
        </dd>
        {subject !== null && subject !== '' && (
          <>
            <dt>{t('field.subject')}</dt>
            <dd className={styles.led}>
              {kind} {words.subjectName(subject, names)}
              {link !== null && (
                <Link {...link}>
                  {t('one.object', { what: entry.kind === 'contact' ? words.kindName('customer') : kind })}
                </Link>
              )}
              <Button type="link" size="small" onClick={() => onFilter({ subject })}>
                {t('one.all_object')}
              </Button>
            </dd>
          </>
        )}
      </dl>
    </>
  );
}

function Chain({ one: { seal, sound, previous, digest } }: { one: SealedEntryShown }) {
  const t = useAuditMessages();
  const zone = useTimeZone();
  if (seal === null) return <Alert type="info" showIcon title={t('one.unsealed')} />;
  return (
    <>
      <Alert type={sound === true ? 'success' : 'error'} showIcon title={t(sound === true ? 'one.sound' : 'one.broken')} />
      <dl className={styles.facts}>
        <dt>{t('one.seal')}</dt>
        <dd>
          {seal.number} <span className="cl-muted">{t('one.covers', { from: seal.from_seq, to: seal.to_seq })}</span>
        </dd>
        <dt>{t('one.sealed_at')}</dt>
        <dd>{wholeMoment(seal.sealed_at, t.language, zone)}</dd>
        <dt>{t('one.algorithm')}</dt>
        <dd>{seal.algorithm}</dd>
        <dt>{t('one.hash')}</dt>
        <dd className={styles.hash}>{seal.hash}</dd>
        <dt>{t('one.previous')}</dt>
        <dd className={styles.hash}>{previous === '' ? t('one.first') : previous}</dd>
        {digest !== null && (
          <>
            <dt>{t('one.digest')}</dt>
            <dd className={styles.hash}>{digest}</dd>
          </>
        )}
      </dl>
    </>
  );
}
