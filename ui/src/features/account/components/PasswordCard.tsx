import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input } from 'antd';
import { useErrorSentence } from '@/design/useErrorSentence';
import { Problem } from '@/shared/http/problem';
import { useMessages } from '@/shared/i18n/useMessages';
import { changePassword, mySessionsQuery } from '../api/account';
import { messages } from '../messages';
import styles from './Account.module.css';

interface Fields {
  current: string;
  password: string;
  repeated: string;
}

const MIN = 12;

export function PasswordCard({ onDone }: { onDone: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const change = useMutation({
    mutationFn: ({ current, password }: Fields) => changePassword({ current, password }),
    onSuccess: () => {
      form.resetFields();
      void message.success(t('password.done'));
      void queries.invalidateQueries(mySessionsQuery);
      onDone();
    },
    onError: (error) => {
      if (error instanceof Problem && (error.field === 'current' || error.field === 'password')) {
        form.setFields([{ name: error.field, errors: [sentence(error)] }]);
      }
    },
  });
  const beside = change.error instanceof Problem && (change.error.field === 'current' || change.error.field === 'password');
  return (
    <section className={styles.card} aria-labelledby="account-password">
      <h2 id="account-password">{t('password.title')}</h2>
      <p className="cl-secondary">{t('password.what', { min: MIN })}</p>
      {change.isError && !beside && <Alert type="error" showIcon title={sentence(change.error)} style={{ marginBottom: 12 }} />}
      <Form<Fields> form={form} layout="vertical" requiredMark={false} className={styles.form} onFinish={(fields) => change.mutate(fields)}>
        <Form.Item name="current" label={t('password.current')} rules={[{ required: true, message: t('password.needed') }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="password" label={t('password.new')} rules={[{ required: true, min: MIN, message: t('password.short', { min: MIN }) }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeated"
          label={t('password.again')}
          dependencies={['password']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value) => (value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('password.differs')))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t('password.change')}
        </Button>
      </Form>
    </section>
  );
}
