import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input } from 'antd';
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { ErrorPanel, Loading } from '@/design/panels';
import { reasonsQuery } from '@/shared/agents/useReasons';
import type { ReasonsShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { saveReasons } from '../api/staff';
import { useSaving } from '@/design/useSaving';
import { messages } from '../messages';
import styles from './Settings.module.css';

const FIELDS = ['name', 'name_en', 'code'] as const;
const WIDE = { inlineSize: 160 };

/** Why agents may be not ready, in the order in which their desks offer it. */
export function ReasonsForm() {
  const t = useMessages(messages);
  const reasons = useQuery({ ...reasonsQuery, staleTime: Infinity });
  if (reasons.isError && reasons.data === undefined) return <ErrorPanel what={t('reasons.title')} error={reasons.error} retry={() => void reasons.refetch()} />;
  if (reasons.data === undefined) return <Loading what={t('reasons.title')} rows={5} />;
  return <Reasons key={reasons.data.version} known={reasons.data} refresh={() => void reasons.refetch()} />;
}

function Reasons({ known, refresh }: { known: ReasonsShown; refresh: () => void }) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [form] = Form.useForm<{ items: ReasonsShown['items'] }>();
  const { saving, stale, why } = useSaving(
    form,
    ({ items }: { items: ReasonsShown['items'] }) => saveReasons({ items, version: known.version }),
    (saved) => {
      void message.success(t('form.saved'));
      cache.setQueryData(reasonsQuery.queryKey, saved);
    },
  );
  return (
    <Form form={form} layout="vertical" initialValues={{ items: known.items }} onFinish={(fields) => saving.mutate(fields)}>
      <p className="cl-note cl-secondary" style={{ marginBottom: 16 }}>{t('reasons.how')}</p>
      <Form.List name="items">
        {(fields, { add, remove, move }, { errors }) => (
          <div className={styles.lines}>
            <div className={`${styles.line} cl-note cl-secondary`} aria-hidden>
              {FIELDS.map((field) => (
                <span key={field} style={WIDE}>
                  {t(`reasons.${field}`)}
                </span>
              ))}
            </div>
            {fields.map(({ key, name }, index) => (
              <div key={key} className={styles.line}>
                {FIELDS.map((field) => (
                  <Form.Item key={field} noStyle name={[name, field]} rules={[{ required: true, whitespace: true, message: t('field.needed') }]}>
                    <Input aria-label={t(`reasons.${field}`)} placeholder={t(`reasons.${field}`)} maxLength={field === 'name' ? 20 : 40} style={WIDE} />
                  </Form.Item>
                ))}
                <Button type="text" size="small" disabled={index === 0} aria-label={t('reasons.up')} icon={<ArrowUp size={14} aria-hidden />} onClick={() => move(index, index - 1)} />
                <Button type="text" size="small" disabled={index === fields.length - 1} aria-label={t('reasons.down')} icon={<ArrowDown size={14} aria-hidden />} onClick={() => move(index, index + 1)} />
                <Button type="text" size="small" disabled={fields.length === 1} aria-label={t('reasons.remove')} icon={<X size={14} aria-hidden />} onClick={() => remove(name)} />
              </div>
            ))}
            <Form.ErrorList errors={errors} />
            <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => add({ code: '', name: '', name_en: '' })}>
              {t('reasons.add')}
            </Button>
          </div>
        )}
      </Form.List>
      {why !== '' && <Alert type="error" showIcon title={t('form.failed', { why })} action={stale ? <Button size="small" onClick={refresh}>{t('form.theirs')}</Button> : undefined} style={{ marginTop: 12 }} />}
      <div className={styles.bar} style={{ marginTop: 16 }}>
        <Button type="primary" htmlType="submit" loading={saving.isPending}>
          {t('form.save')}
        </Button>
      </div>
    </Form>
  );
}
