import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form } from 'antd';
import { useEffect } from 'react';
import { useFieldErrors } from '@/design/useFieldErrors';
import type { UserDetail } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { useMay, useSession } from '@/shared/session/session';
import { changeUser, STAFF, userQuery } from '../api/staff';
import { useStaffMessages } from '../words';
import styles from './Staff.module.css';
import { UserFields, type UserForm } from './UserFields';

type Fields = Omit<UserForm, 'login'>;

const NAMES = ['display_name', 'org_unit_id', 'post_id', 'locale'] as const;

const fieldsOf = ({ display_name, org_unit_id, post_id, locale }: UserDetail): Fields => ({ display_name, org_unit_id, post_id, locale });

/** Name, department, post and language: the system administrator's part. */
export function PersonSection({ user, administrator }: { user: UserDetail; administrator: boolean }) {
  const t = useStaffMessages();
  const may = useMay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { user: me } = useSession();
  const [form] = Form.useForm<Fields>();
  const errors = useFieldErrors(form, NAMES);
  const mine = may('user:manage') && (!administrator || user.id === me.id);
  const key = ['change-user', user.id];
  const change = useMutation({
    mutationKey: key,
    // Only what was touched: what somebody else has changed meanwhile stays theirs.
    mutationFn: (fields: Fields) => {
      const touched = NAMES.filter((name) => form.isFieldTouched(name)).map((name) => [name, fields[name] ?? null] as const);
      return changeUser(user.id, { ...Object.fromEntries(touched), version: user.version });
    },
    onSuccess: (changed) => {
      errors.clear();
      form.setFields(NAMES.map((name) => ({ name, touched: false })));
      queries.setQueryData(userQuery(user.id).queryKey, changed);
      void message.success(t('form.saved'));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: STAFF }),
    onError: (error) => {
      // Somebody was faster: the version becomes the new one, what was typed stays.
      if (error instanceof Problem && error.code === 'user-changed') void queries.invalidateQueries({ queryKey: userQuery(user.id).queryKey });
      errors.show(error);
    },
  });
  useEffect(() => {
    const now = fieldsOf(user);
    form.setFields(NAMES.filter((name) => !form.isFieldTouched(name)).map((name) => ({ name, value: now[name] })));
  }, [user, form]);
  return (
    <section className={styles.section} aria-labelledby="person">
      <h2 id="person">{t('person.title')}</h2>
      {!mine && <p className="cl-secondary">{administrator ? t('person.of_administrator') : t('person.by_system')}</p>}
      {errors.general !== null && <Alert type="error" showIcon title={errors.general} style={{ marginBottom: 16 }} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={fieldsOf(user)}
        onFinish={(fields) => {
          if (queries.isMutating({ mutationKey: key }) === 0) change.mutate(fields);
        }}
      >
        <UserFields disabled={!mine} />
        {mine && (
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t('person.save')}
          </Button>
        )}
      </Form>
    </section>
  );
}
