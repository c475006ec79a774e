import { useQuery } from '@tanstack/react-query';
import { Button, Select, Tag } from 'antd';
import { DayInput } from '@/design/DayInput';
import { SearchInput } from '@/design/SearchInput';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { actionsQuery } from '../api';
import { OUTCOMES, type AuditFilter } from '../filter';
import { useAuditMessages, useAuditWords } from '../sentence';
import { ActorSelect } from './ActorSelect';
import styles from './Audit.module.css';

interface Props {
  filter: AuditFilter;
  names: Readonly<Record<string, string>>;
  onFilter: (filter: AuditFilter) => void;
}

/** Who, what, to what, how it ended and when; a thing also by a click on it in the list. */
export function AuditFilters({ filter, names, onFilter }: Props) {
  const t = useAuditMessages();
  const words = useAuditWords();
  const zone = useTimeZone();
  const actions = useQuery(actionsQuery).data ?? [];
  const kinds = [...new Set(actions.map((one) => one.kind))].map((kind) => ({ value: kind, label: words.kindName(kind) }));
  const groups = kinds
    .filter(({ value }) => filter.kind === undefined || filter.kind === value)
    .map(({ value, label }) => ({
      label,
      options: actions.filter(({ kind }) => kind === value).map(({ action }) => ({ value: action, label: words.actionName(action) })),
    }));
  const knownThing = filter.subject !== undefined && Object.hasOwn(names, filter.subject);
  return (
    <div className={styles.filters} role="search">
      <ActorSelect by={filter.by} names={names} onBy={(by) => onFilter({ ...filter, by })} />
      <Select<string | null>
        aria-label={t('field.action')}
        placeholder={t('filter.any_action')}
        value={filter.action ?? null}
        onChange={(action) => onFilter({ ...filter, action: action ?? undefined })}
        options={groups}
        showSearch={{ optionFilterProp: 'label' }}
        allowClear
        popupMatchSelectWidth={240}
        style={{ inlineSize: 180 }}
      />
      <Select<string | null>
        aria-label={t('field.kind')}
        placeholder={t('filter.any_kind')}
        value={filter.kind ?? null}
        onChange={(kind) => onFilter({ ...filter, kind: kind ?? undefined, action: undefined })}
        options={kinds}
        showSearch={{ optionFilterProp: 'label' }}
        allowClear
        style={{ inlineSize: 140 }}
      />
      {knownThing ? (
        <Tag closable onClose={() => onFilter({ ...filter, subject: undefined })}>
          {t('filter.subject', { name: words.subjectName(filter.subject ?? '', names) })}
        </Tag>
      ) : (
        <SearchInput
          label={t('filter.subject_id')}
          words={filter.subject}
          onWords={(subject) => onFilter({ ...filter, subject })}
          style={{ inlineSize: 170 }}
        />
      )}
      <Select<AuditFilter['outcome'] | null>
        aria-label={t('field.outcome')}
        placeholder={t('filter.any_outcome')}
        value={filter.outcome ?? null}
        onChange={(outcome) => onFilter({ ...filter, outcome: outcome ?? undefined })}
        options={OUTCOMES.map((outcome) => ({ value: outcome, label: t(`outcome.${outcome}`) }))}
        allowClear
        style={{ inlineSize: 150 }}
      />
      <div className={styles.days}>
        {(['from', 'to'] as const).map((end) => (
          <label key={end} className={styles.day}>
            {t(`filter.${end}`)}
            <DayInput day={filter[end]} onDay={(day) => onFilter({ ...filter, [end]: day })} />
          </label>
        ))}
      </div>
      <span className="cl-note cl-muted">{t('filter.zone', { zone })}</span>
      {Object.values(filter).some((one) => one !== undefined) && (
        <Button type="text" onClick={() => onFilter({})}>
          {t('filter.clear')}
        </Button>
      )}
    </div>
  );
}
