import { Button, Form, InputNumber, Select } from 'antd';
import { Plus, X } from 'lucide-react';
import type { RelaxationShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './Settings.module.css';

interface Choice {
  value: string;
  label: string;
}

/** What gives way after a long wait, step by step; each adds to those before it. */
export function RelaxationFields({ needs, queues, last }: { needs: Choice[]; queues: Choice[]; last: number }) {
  const t = useMessages(messages);
  return (
    <Form.List name={['rules', 'relaxation']}>
      {(fields, { add, remove }, { errors }) => (
        <div className={styles.lines}>
          {fields.map(({ key, name }) => (
            <div key={key} className={styles.line}>
              <Form.Item noStyle name={[name, 'after_s']} rules={[{ required: true, message: t('field.needed') }]}>
                <InputNumber aria-label={t('field.after')} prefix={t('field.after')} suffix={t('unit.s')} min={1} precision={0} style={{ inlineSize: 130 }} />
              </Form.Item>
              <Form.Item noStyle name={[name, 'lower_by']}>
                <InputNumber aria-label={t('field.lower_by')} prefix={t('field.lower_by')} min={0} max={4} precision={0} style={{ inlineSize: 140 }} />
              </Form.Item>
              <Form.Item noStyle name={[name, 'drop']}>
                <Select mode="multiple" aria-label={t('field.drop')} placeholder={t('field.drop')} style={{ inlineSize: 190 }} options={needs} />
              </Form.Item>
              <Form.Item noStyle name={[name, 'join']}>
                <Select mode="multiple" aria-label={t('field.join')} placeholder={t('field.join')} style={{ inlineSize: 230 }} options={queues} />
              </Form.Item>
              <Button type="text" size="small" aria-label={t('relax.remove')} icon={<X size={14} aria-hidden />} onClick={() => remove(name)} />
            </div>
          ))}
          <Form.ErrorList errors={errors} />
          <Button
            size="small"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => add({ after_s: last + 60, lower_by: 1, drop: [], join: [] } satisfies RelaxationShown)}
          >
            {t('relax.add')}
          </Button>
        </div>
      )}
    </Form.List>
  );
}
