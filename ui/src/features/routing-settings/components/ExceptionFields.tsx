import { Button, Form, Input, Select } from 'antd';
import { Plus, X } from 'lucide-react';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import type { CalendarFields, TypedException } from '../model/times';
import { WEEKDAYS } from '../model/weekdays';
import styles from './Settings.module.css';
import { SpanFields } from './SpanFields';

const KINDS = ['closed', 'like', 'spans'] as const;

/** Days that are not as their weekday says: holidays, make-up working days, short days. */
export function ExceptionFields() {
  const t = useMessages(messages);
  return (
    <Form.List name="exceptions">
      {(fields, { add, remove }, { errors }) => (
        <div className={styles.lines}>
          {fields.length === 0 && <p className="cl-muted">{t('hours.no_exceptions')}</p>}
          {fields.map(({ key, name }) => (
            <div key={key} className={styles.line}>
              <Form.Item noStyle name={[name, 'day']} rules={[{ required: true, message: t('field.needed') }]}>
                <Input type="date" aria-label={t('hours.day')} style={{ inlineSize: 150 }} />
              </Form.Item>
              <Form.Item noStyle name={[name, 'name']} rules={[{ required: true, whitespace: true, message: t('field.needed') }]}>
                <Input aria-label={t('hours.day_name')} placeholder={t('hours.day_name')} maxLength={40} style={{ inlineSize: 150 }} />
              </Form.Item>
              <Form.Item noStyle name={[name, 'kind']}>
                <Select aria-label={t('hours.kind')} style={{ inlineSize: 170 }} options={KINDS.map((value) => ({ value, label: t(`hours.kind.${value}`) }))} />
              </Form.Item>
              <Form.Item noStyle shouldUpdate={(a: CalendarFields, b: CalendarFields) => a.exceptions[name]?.kind !== b.exceptions[name]?.kind}>
                {({ getFieldValue }) => {
                  const kind = getFieldValue(['exceptions', name, 'kind']) as TypedException['kind'];
                  if (kind === 'closed') return null;
                  if (kind === 'spans') return <SpanFields name={[name, 'spans']} day={t('hours.day')} />;
                  return (
                    <Form.Item noStyle name={[name, 'like']}>
                      <Select aria-label={t('hours.like')} style={{ inlineSize: 110 }} options={WEEKDAYS.map((code, value) => ({ value, label: t(`weekday.${code}`) }))} />
                    </Form.Item>
                  );
                }}
              </Form.Item>
              <Button type="text" size="small" aria-label={t('hours.remove_day')} icon={<X size={14} aria-hidden />} onClick={() => remove(name)} />
            </div>
          ))}
          <Form.ErrorList errors={errors} />
          <Button
            size="small"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => add({ day: '', name: '', kind: 'closed', like: 0, spans: [] } satisfies TypedException)}
          >
            {t('hours.add_day')}
          </Button>
        </div>
      )}
    </Form.List>
  );
}
