import { Segmented, Select, TreeSelect } from 'antd';
import { SearchInput } from '@/design/SearchInput';
import type { OrgUnitShown, RoleShown } from '@/shared/api/generated/types.gen';
import type { UserFilter } from '../filter';
import { treeOf } from '../tree';
import { useRoleName, useStaffMessages } from '../words';
import styles from './Staff.module.css';

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
      <SearchInput label={t('users.search')} words={filter.q} onWords={(q) => onFilter({ ...filter, q })} style={{ inlineSize: 220 }} />
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
