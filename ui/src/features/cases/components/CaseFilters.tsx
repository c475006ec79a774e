import { Segmented, Select } from 'antd';
import { SearchInput } from '@/design/SearchInput';
import type { CaseState, CaseType } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import type { Assignee } from '@/shared/api/generated/types.gen';
import { ALL_TYPES, CASE_STATES, type CaseFilter } from '../api/cases';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CaseList.module.css';

const messages = catalogue(zh, en);

interface Props {
  filter: CaseFilter;
  people: readonly Assignee[];
  onFilter: (filter: CaseFilter) => void;
}

export function CaseFilters({ filter, people, onFilter }: Props) {
  const t = useMessages(messages);
  return (
    <div className={styles.filters} role="search">
      <Segmented<CaseState | 'all'>
        aria-label={t('field.state')}
        value={filter.state ?? 'all'}
        onChange={(state) => onFilter({ ...filter, state: state === 'all' ? undefined : state })}
        options={[{ value: 'all', label: t('filter.all') }, ...CASE_STATES.map((state) => ({ value: state, label: t(`state.${state}`) }))]}
      />
      <Select<CaseType | 'any'>
        aria-label={t('field.type')}
        value={filter.type ?? 'any'}
        onChange={(type) => onFilter({ ...filter, type: type === 'any' ? undefined : type })}
        style={{ inlineSize: 120 }}
        options={[{ value: 'any', label: t('type.any') }, ...ALL_TYPES.map((type) => ({ value: type, label: t(`type.${type}`) }))]}
      />
      <Select<string>
        aria-label={t('field.assignee')}
        value={filter.assignee ?? 'anyone'}
        onChange={(assignee) => onFilter({ ...filter, assignee: assignee === 'anyone' ? undefined : assignee })}
        style={{ inlineSize: 180 }}
        showSearch={{ optionFilterProp: 'label' }}
        options={[
          { value: 'anyone', label: t('assignee.anyone') },
          { value: 'me', label: t('assignee.me') },
          { value: 'none', label: t('assignee.none') },
          ...people.map((person) => ({ value: person.id, label: `${person.name} ${person.number}` })),
        ]}
      />
      <SearchInput label={t('filter.search')} words={filter.q} onWords={(q) => onFilter({ ...filter, q })} style={{ inlineSize: 240 }} />
    </div>
  );
}
