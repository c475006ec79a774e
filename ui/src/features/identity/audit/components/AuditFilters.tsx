import { Button, Select, Tag } from 'antd';
import { DayInput } from '@/design/DayInput';
import { ACTIONS, useAuditMessages, useAuditWords } from '../sentence';
import type { AuditFilter } from '../filter';
import styles from './Audit.module.css';

interface Props {
  filter: AuditFilter;
  names: Readonly<Record<string, string>>;
  onFilter: (filter: AuditFilter) => void;
}

/** By action and days here; by person and thing through a click on them in the list. */
export function AuditFilters({ filter, names, onFilter }: Props) {
  const t = useAuditMessages();
  const words = useAuditWords();
  return (
    <div className={styles.filters} role="search">
      <Select<string | null>
        aria-label={t('field.action')}
        placeholder={t('filter.any_action')}
        value={filter.action ?? null}
        onChange={(action) => onFilter({ ...filter, action: action ?? undefined })}
        options={ACTIONS.map((action) => ({ value: action, label: words.actionName(action) }))}
        showSearch={{ optionFilterProp: 'label' }}
        allowClear
        style={{ inlineSize: 200 }}
      />
      {(['from', 'to'] as const).map((end) => (
        <label key={end} className={styles.day}>
          {t(`filter.${end}`)}
          <DayInput day={filter[end]} onDay={(day) => onFilter({ ...filter, [end]: day })} />
        </label>
      ))}
      {filter.by !== undefined && (
        <Tag closable onClose={() => onFilter({ ...filter, by: undefined })}>
          {t('filter.by', { name: words.actorName(filter.by, names) })}
        </Tag>
      )}
      {filter.subject !== undefined && (
        <Tag closable onClose={() => onFilter({ ...filter, subject: undefined })}>
          {t('filter.subject', { name: words.subjectName(filter.subject, names) })}
        </Tag>
      )}
      {Object.values(filter).some((one) => one !== undefined) && (
        <Button type="text" onClick={() => onFilter({})}>
          {t('filter.clear')}
        </Button>
      )}
    </div>
  );
}
