import type { AuditEntryShown } from '@/shared/api/generated/types.gen';
import { changeIn, useAuditMessages, useAuditWords } from '../sentence';
import styles from './Audit.module.css';

/** What an entry tells besides who, what and to what. */
export function EntryDetails({ entry, names }: { entry: AuditEntryShown; names: Readonly<Record<string, string>> }) {
  const t = useAuditMessages();
  const words = useAuditWords();
  const { params } = entry;
  const pair = changeIn(entry);
  const rest = Object.entries(params).filter(([name, value]) => value !== null && value !== '' && !(pair as readonly string[] | undefined)?.includes(name));
  if (pair === undefined && rest.length === 0) return <p className="cl-muted">{t('one.no_details')}</p>;
  return (
    <dl className={styles.facts}>
      {pair !== undefined && (
        <>
          <dt>{t('one.before')}</dt>
          <dd>
            <del>{words.value(params[pair[0]], names, pair[0])}</del>
          </dd>
          <dt>{t('one.after')}</dt>
          <dd>
            <ins>{words.value(params[pair[1]], names, pair[1])}</ins>
          </dd>
        </>
      )}
      {rest.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{words.paramName(name)}</dt>
          <dd>{words.value(value, names, name)}</dd>
        </div>
      ))}
    </dl>
  );
}
