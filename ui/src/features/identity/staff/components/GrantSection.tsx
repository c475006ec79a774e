import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { GrantShown, RoleShown, UserDetail } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { useMay, useSession } from '@/shared/session/session';
import { grantRoles, STAFF, userQuery } from '../api/staff';
import { useRoleName, useStaffMessages } from '../words';
import styles from './Staff.module.css';

type Scope = NonNullable<GrantShown['scope']>;
type Held = Readonly<Record<string, Scope | null>>;
/** What shall be otherwise than it is. */
type Wanted = Readonly<Record<string, Scope | null | 'taken'>>;

/** What somebody holds with what is wanted of it; a role that another has granted meanwhile stays granted. */
function heldWith({ grants }: UserDetail, wanted: Wanted): Held {
  const all = Object.entries<Wanted[string]>({ ...Object.fromEntries(grants.map(({ role, scope }) => [role, scope])), ...wanted });
  return Object.fromEntries(all.filter((entry): entry is [string, Scope | null] => entry[1] !== 'taken'));
}

/** The roles that somebody holds, and within what: the security administrator's part, and never one's own. */
export function GrantSection({ user, roles }: { user: UserDetail; roles: readonly RoleShown[] }) {
  const t = useStaffMessages();
  const nameOf = useRoleName();
  const may = useMay();
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { user: me } = useSession();
  const [chosen, setChosen] = useState<Wanted>({});
  const held = heldWith(user, chosen);
  const mine = may('role:grant') && user.id !== me.id;
  const key = ['grant-roles', user.id];
  const grant = useMutation({
    mutationKey: key,
    mutationFn: (wanted: Held) =>
      grantRoles(user.id, { grants: Object.entries(wanted).map(([role, scope]) => ({ role, scope })), version: user.version }),
    onSuccess: (changed) => {
      queries.setQueryData(userQuery(user.id).queryKey, changed);
      setChosen({});
      void message.success(t('grants.saved'));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: STAFF }),
    onError: (error) => {
      if (error instanceof Problem && error.code === 'user-changed') void queries.invalidateQueries({ queryKey: userQuery(user.id).queryKey });
    },
  });
  const choose = (code: string, wanted: Wanted[string]) => setChosen({ ...chosen, [code]: wanted });
  const shown = mine ? roles : roles.filter(({ code }) => code in held);

  return (
    <section className={styles.section} aria-labelledby="grants">
      <h2 id="grants">{t('user.roles')}</h2>
      {!mine && <p className="cl-secondary">{user.id === me.id ? t('grants.not_own') : t('grants.by_security')}</p>}
      {grant.isError && <Alert type="error" showIcon title={sentence(grant.error)} style={{ marginBottom: 12 }} />}
      {shown.length === 0 && <p className="cl-muted">{t('user.no_roles')}</p>}
      <ul className={styles.grants}>
        {shown.map((role) => {
          const name = nameOf(role, role.code);
          const scope = held[role.code];
          return (
            <li key={role.code}>
              <Checkbox checked={role.code in held} disabled={!mine} onChange={(event) => choose(role.code, event.target.checked ? null : 'taken')}>
                {name}
              </Checkbox>
              {role.code in held && (
                <Select<Scope | 'as-role'>
                  aria-label={t('grants.scope_of', { role: name })}
                  size="small"
                  value={scope ?? 'as-role'}
                  disabled={!mine}
                  onChange={(next) => choose(role.code, next === 'as-role' ? null : next)}
                  options={[
                    { value: 'as-role', label: t('grants.as_role') },
                    { value: 'department', label: t('scope.department') },
                  ]}
                  style={{ inlineSize: 150 }}
                />
              )}
            </li>
          );
        })}
      </ul>
      {Object.values(held).some((scope) => scope !== null) && <p className="cl-note cl-muted">{t('grants.scope_limits')}</p>}
      {mine && (
        <Button
          type="primary"
          disabled={Object.keys(chosen).length === 0}
          loading={grant.isPending}
          onClick={() => {
            if (queries.isMutating({ mutationKey: key }) === 0) grant.mutate(held);
          }}
        >
          {t('grants.save')}
        </Button>
      )}
    </section>
  );
}
