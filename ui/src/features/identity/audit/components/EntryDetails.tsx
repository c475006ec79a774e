import type { AuditEntryShown } from '@/shared/api/generated/types.gen';
import { useAuditMessages, useAuditWords } from '../sentence';
import styles from './Audit.module.css';

/** What was so before and what is so since, under which names actions tell of it. */
const PAIRS = [
  ['before', 'after'],
  ['from', 'to'],
] as const;

/** What an entry tells besides who, what and to what. */
export function EntryDetails({ entry, names }: { entry: AuditEntryShown; names: Readonly<Record<string, string>> }) {
  const t = useAuditMessages();
  const words = useAuditWords();
  const { params } = entry;
  const pair = PAIRS.find(([before, after]) => before in params && after in params);
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
