import { Input, Segmented, Select } from 'antd';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CaseState, CaseType } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import type { Person } from '@/shared/api/generated/types.gen';
import { ALL_TYPES, CASE_STATES, type CaseFilter } from '../api/cases';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CaseList.module.css';

const messages = catalogue(zh, en);
const SEARCH_AFTER_MS = 300;

interface Props {
  filter: CaseFilter;
  people: readonly Person[];
  onFilter: (filter: CaseFilter) => void;
}

export function CaseFilters({ filter, people, onFilter }: Props) {
  const t = useMessages(messages);
  const q = filter.q ?? '';
  const [words, setWords] = useState(q);
  /** What was looked for last, and what the filter said last: when they part, somebody else changed the filter. */
  const [asked, setAsked] = useState(q);
  const [seen, setSeen] = useState(q);
  if (q !== seen) {
    setSeen(q);
    if (q !== asked) {
      setAsked(q);
      setWords(q);
    }
  }

  useEffect(() => {
    const wanted = words.trim();
    if (wanted === asked) return;
    const timer = setTimeout(() => {
      setAsked(wanted);
      onFilter({ ...filter, q: wanted === '' ? undefined : wanted });
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [words, asked, filter, onFilter]);

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
          ...people.map((person) => ({ value: person.id, label: person.name })),
        ]}
      />
      <Input
        aria-label={t('filter.search')}
        prefix={<Search size={14} aria-hidden />}
        placeholder={t('filter.search')}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        allowClear
        style={{ inlineSize: 240 }}
      />
    </div>
  );
}
