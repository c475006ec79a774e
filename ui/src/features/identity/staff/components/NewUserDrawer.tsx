import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Form, Input } from 'antd';
import { ErrorPanel } from '@/design/panels';
import { useFieldErrors } from '@/design/useFieldErrors';
import type { UserMade } from '@/shared/api/generated/types.gen';
import { makeUser, STAFF, unitsQuery } from '../api/staff';
import { useStaffMessages } from '../words';
import { UserFields, type UserForm } from './UserFields';

interface Props {
  open: boolean;
  onClose: () => void;
  onMade: (made: UserMade) => void;
}

/** Somebody new. What they may do is granted afterwards, by somebody else. */
export function NewUserDrawer({ open, onClose, onMade }: Props) {
  const t = useStaffMessages();
  const queries = useQueryClient();
  const units = useQuery(unitsQuery);
  const [form] = Form.useForm<UserForm>();
  const errors = useFieldErrors(form, ['login', 'display_name', 'org_unit_id', 'post_id', 'locale']);
  const key = ['make-user'];
  const make = useMutation({
    mutationKey: key,
    mutationFn: (fields: UserForm) => makeUser({ ...fields, login: fields.login.trim(), post_id: fields.post_id ?? null }),
    onSuccess: (made) => {
      errors.clear();
      form.resetFields();
      void queries.invalidateQueries({ queryKey: STAFF });
      onMade(made);
    },
    onError: errors.show,
  });
  const root = units.data?.find((unit) => unit.parent_id === null);
  return (
    <Drawer
      title={t('users.new')}
      open={open}
      onClose={onClose}
      size={440}
      footer={
        <div className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="primary" loading={make.isPending} onClick={() => form.submit()}>
            {t('users.make')}
          </Button>
        </div>
      }
    >
      <p className="cl-secondary" style={{ marginBottom: 16 }}>
        {t('users.new_what')}
      </p>
      {errors.general !== null && <Alert type="error" showIcon title={errors.general} style={{ marginBottom: 16 }} />}
      {units.isError && root === undefined && <ErrorPanel what={t('user.unit')} error={units.error} retry={() => void units.refetch()} />}
      {root !== undefined && (
        <Form<UserForm>
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ org_unit_id: root.id, locale: 'zh-CN' }}
          onFinish={(fields) => {
            if (queries.isMutating({ mutationKey: key }) === 0) make.mutate(fields);
          }}
        >
          <Form.Item name="login" label={t('user.login')} extra={t('user.login_rule')} rules={[{ required: true, whitespace: true, message: t('user.login_needed') }]}>
            <Input maxLength={64} autoComplete="off" autoCapitalize="none" />
          </Form.Item>
          <UserFields disabled={false} />
        </Form>
      )}
    </Drawer>
  );
}
