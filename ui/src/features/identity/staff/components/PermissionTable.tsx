import { useQuery } from '@tanstack/react-query';
import { Checkbox, Select } from 'antd';
import { Label } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import type { PermissionShown } from '@/shared/api/generated/types.gen';
import { permissionsQuery } from '../api/roles';
import { usePermissionName } from '@/shared/permissions/permissionName';
import { useStaffMessages } from '../words';
import styles from './Permissions.module.css';

type Scope = PermissionShown['scopes'][number];
export type Permitted = Readonly<Record<string, Scope>>;

interface Props {
  value?: Permitted;
  onChange?: (value: Permitted) => void;
  disabled: boolean;
}

const NONE: Permitted = {};

/** Every permission with how far it reaches. A narrower scope is offered only where it is enforced. */
export function PermissionTable({ value = NONE, onChange, disabled }: Props) {
  const t = useStaffMessages();
  const nameOf = usePermissionName();
  const permissions = useQuery(permissionsQuery);
  if (permissions.isError && permissions.data === undefined) return <ErrorPanel what={t('role_field.permissions')} error={permissions.error} retry={() => void permissions.refetch()} />;
  if (permissions.data === undefined) return <Loading what={t('role_field.permissions')} rows={8} />;
  const without = (code: string) => Object.fromEntries(Object.entries(value).filter(([known]) => known !== code));
  return (
    <ul className={styles.list}>
      {permissions.data.map(({ code, scopes, administrator }) => (
        <li key={code}>
          <Checkbox
            checked={code in value}
            disabled={disabled}
            onChange={(event) => onChange?.(event.target.checked ? { ...value, [code]: scopes.at(-1) ?? 'tenant' } : without(code))}
          >
            {nameOf(code)} <code className="cl-muted">{code}</code>
          </Checkbox>
          <span className={styles.scope}>
            {administrator !== null && <Label tone="accent">{t(`kind.${administrator}`)}</Label>}
            {scopes.length > 1 && code in value ? (
              <Select<Scope>
                aria-label={t('permission_scope', { permission: nameOf(code) })}
                size="small"
                value={value[code]}
                disabled={disabled}
                onChange={(scope) => onChange?.({ ...value, [code]: scope })}
                options={scopes.map((scope) => ({ value: scope, label: t(`scope.${scope}`) }))}
                style={{ inlineSize: 150 }}
              />
            ) : (
              scopes.length === 1 && <span className="cl-note cl-muted">{t('scope.tenant')}</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
