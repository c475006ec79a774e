import { Input, Segmented, Select, TreeSelect } from 'antd';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { OrgUnitShown, RoleShown } from '@/shared/api/generated/types.gen';
import type { UserFilter } from '../filter';
import { treeOf } from '../tree';
import { useRoleName, useStaffMessages } from '../words';
import styles from './Staff.module.css';

const SEARCH_AFTER_MS = 300;

interface Props {
  filter: UserFilter;
  units: readonly OrgUnitShown[];
  roles: readonly RoleShown[];
  onFilter: (filter: UserFilter) => void;
}

export function UserFilters({ filter, units, roles, onFilter }: Props) {
  const t = useStaffMessages();
  const nameOf = useRoleName();
  return (
    <div className={styles.filters} role="search">
      <SearchWords words={filter.q ?? ''} label={t('users.search')} onWords={(q) => onFilter({ ...filter, q })} />
      <TreeSelect<string | null>
        aria-label={t('user.unit')}
        value={filter.unit ?? null}
        placeholder={t('user.unit')}
        onChange={(unit) => onFilter({ ...filter, unit: unit ?? undefined })}
        treeData={treeOf(units)}
        treeDefaultExpandAll
        allowClear
        popupMatchSelectWidth={280}
        style={{ inlineSize: 180 }}
      />
      <Select<string | null>
        aria-label={t('user.roles')}
        value={filter.role ?? null}
        placeholder={t('user.roles')}
        onChange={(role) => onFilter({ ...filter, role: role ?? undefined })}
        options={roles.map((role) => ({ value: role.code, label: nameOf(role, role.code) }))}
        allowClear
        style={{ inlineSize: 150 }}
      />
      <Segmented<'all' | 'active' | 'inactive'>
        aria-label={t('user.state')}
        value={filter.state ?? 'all'}
        onChange={(state) => onFilter({ ...filter, state: state === 'all' ? undefined : state })}
        options={[
          { value: 'all', label: t('filter.all') },
          { value: 'active', label: t('filter.active') },
          { value: 'inactive', label: t('state.inactive') },
        ]}
      />
    </div>
  );
}

/** Asks a moment after the last key, and takes up what the address says when that changes by itself. */
export function SearchWords({ words, label, onWords }: { words: string; label: string; onWords: (words: string | undefined) => void }) {
  const [typed, setTyped] = useState(words);
  const [seen, setSeen] = useState(words);
  if (words !== seen) {
    setSeen(words);
    if (words !== typed.trim()) setTyped(words);
  }
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === words) return;
    const timer = setTimeout(() => onWords(wanted === '' ? undefined : wanted), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, words, onWords]);
  return (
    <Input
      aria-label={label}
      placeholder={label}
      prefix={<Search size={14} aria-hidden />}
      value={typed}
      maxLength={100}
      onChange={(event) => setTyped(event.target.value)}
      allowClear
      style={{ inlineSize: 220 }}
    />
  );
}
