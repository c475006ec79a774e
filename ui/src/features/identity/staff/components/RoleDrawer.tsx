import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Form, Input } from 'antd';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useFieldErrors } from '@/design/useFieldErrors';
import type { RoleShown } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { useMay } from '@/shared/session/session';
import { changeRole, makeRole, removeRole } from '../api/roles';
import { rolesQuery, STAFF } from '../api/staff';
import { useRoleName, useStaffMessages } from '../words';
import { PermissionTable, type Permitted } from './PermissionTable';
import { NAME_MAX } from './UserFields';

/** A role that is there, or a new one that begins with what another permits. */
export type RoleAtHand = { id: string } | { like: RoleShown | null };

interface Props {
  hand: RoleAtHand | null;
  onClose: () => void;
  onCopy: (role: RoleShown) => void;
  onMade: (role: RoleShown) => void;
}

interface Fields {
  code: string;
  name: string;
  permissions: Permitted;
}

/** What one role permits. Built-in ones are shown as they are and can be copied. */
export function RoleDrawer({ hand, ...rest }: Props) {
  const t = useStaffMessages();
  const roles = useQuery(rolesQuery);
  const role = hand !== null && 'id' in hand ? roles.data?.find(({ id }) => id === hand.id) : undefined;
  const fresh = hand !== null && 'like' in hand;
  return (
    <Drawer title={fresh ? t('roles.new') : t('roles.one')} open={fresh || role !== undefined} onClose={rest.onClose} size={640} destroyOnHidden>
      {(fresh || role !== undefined) && <OneRole key={role?.id ?? 'new'} role={role ?? null} like={fresh ? hand.like : null} {...rest} />}
    </Drawer>
  );
}

function OneRole({ role, like, onClose, onCopy, onMade }: Omit<Props, 'hand'> & { role: RoleShown | null; like: RoleShown | null }) {
  const t = useStaffMessages();
  const nameOf = useRoleName();
  const may = useMay();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const errors = useFieldErrors(form, ['code', 'name', 'permissions']);
  const changeable = may('role:grant') && role?.built_in !== true;
  const key = ['save-role', role?.id];
  const settled = () => queries.invalidateQueries({ queryKey: STAFF });
  const save = useMutation({
    mutationKey: key,
    mutationFn: ({ code, name, permissions }: Fields) =>
      role === null ? makeRole({ code: code.trim(), name, permissions }) : changeRole(role.id, { name, permissions, version: role.version }),
    onSuccess: async (saved) => {
      errors.clear();
      await settled();
      void message.success(t('form.saved'));
      onMade(saved);
    },
    onError: (error) => {
      if (error instanceof Problem && error.code === 'role-changed') void settled();
      errors.show(error);
    },
  });
  /** Somebody was faster: what they changed is taken up, what was chosen here stays. */
  const takeUp = useEffectEvent((before: RoleShown, now: RoleShown) => {
    const mine = form.getFieldValue('permissions') as Permitted;
    form.setFieldValue('permissions', together(before.permissions, mine, now.permissions));
    if (!form.isFieldTouched('name')) form.setFieldValue('name', nameOf(now, now.code));
  });
  const seen = useRef(role);
  useEffect(() => {
    const before = seen.current;
    seen.current = role;
    if (role !== null && before !== null && before.version !== role.version) takeUp(before, role);
  }, [role]);
  const remove = useMutation({
    mutationFn: (gone: RoleShown) => removeRole(gone.id, gone.version),
    onSuccess: () => {
      void message.success(t('roles.removed'));
      onClose();
    },
    onSettled: settled,
    onError: errors.show,
  });

  return (
    <>
      {role?.built_in === true && <Alert type="info" showIcon title={t('roles.built_in_what')} style={{ marginBottom: 16 }} />}
      {role !== null && !role.built_in && role.people > 0 && <Alert type="info" showIcon title={t('roles.held_by', { n: role.people })} style={{ marginBottom: 16 }} />}
      {errors.general !== null && <Alert type="error" showIcon title={errors.general} style={{ marginBottom: 16 }} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          code: role?.code ?? '',
          name: role === null ? (like === null ? '' : t('roles.copy_of', { name: nameOf(like, like.code) })) : nameOf(role, role.code),
          permissions: role?.permissions ?? like?.permissions ?? {},
        }}
        onFinish={(fields) => {
          if (queries.isMutating({ mutationKey: key }) === 0) save.mutate(fields);
        }}
      >
        <Form.Item name="name" label={t('role_field.name')} rules={[{ required: true, whitespace: true, message: t('role_field.name_needed') }]}>
          <Input maxLength={NAME_MAX} disabled={!changeable} />
        </Form.Item>
        <Form.Item name="code" label={t('role_field.code')} extra={role === null ? t('role_field.code_rule') : undefined} rules={[{ required: true, whitespace: true, message: t('role_field.code_needed') }]}>
          <Input maxLength={63} autoCapitalize="none" disabled={role !== null} />
        </Form.Item>
        <Form.Item name="permissions" label={t('role_field.permissions')}>
          <PermissionTable disabled={!changeable} />
        </Form.Item>
      </Form>
      <div className="cl-row" style={{ gap: 8 }}>
        {changeable && (
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {role === null ? t('roles.make') : t('roles.save')}
          </Button>
        )}
        {role !== null && may('role:grant') && <Button onClick={() => onCopy(role)}>{t('roles.copy')}</Button>}
        {changeable && role !== null && (
          <Button
            danger
            onClick={() =>
              modal.confirm({
                title: t('roles.remove_ask', { name: role.name }),
                okText: t('roles.remove'),
                cancelText: t('form.cancel'),
                okButtonProps: { danger: true },
                onOk: () => remove.mutateAsync(role).catch(() => undefined),
              })
            }
          >
            {t('roles.remove')}
          </Button>
        )}
      </div>
    </>
  );
}

/** What both have made of the same permissions; where they differ on one, what is chosen here. */
function together(before: Permitted, mine: Permitted, theirs: Permitted): Permitted {
  const changed = Object.keys({ ...before, ...mine }).filter((code) => before[code] !== mine[code]);
  const kept = Object.entries(theirs).filter(([code]) => !changed.includes(code));
  return Object.fromEntries([...kept, ...Object.entries(mine).filter(([code]) => changed.includes(code))]);
}
