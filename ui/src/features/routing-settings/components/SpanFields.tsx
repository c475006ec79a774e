import { Button, Form, Input } from 'antd';
import { Plus, X } from 'lucide-react';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { TIME } from '../model/times';
import styles from './Settings.module.css';

/** The stretches of one day; none of them means closed. */
export function SpanFields({ name, day }: { name: (string | number)[]; day: string }) {
  const t = useMessages(messages);
  const rules = [{ required: true, pattern: TIME, message: t('hours.time_wanted') }];
  return (
    <Form.List name={name}>
      {(fields, { add, remove }) => (
        <div className={styles.line}>
          {fields.length === 0 && <span className="cl-muted">{t('hours.closed')}</span>}
          {fields.map(({ key, name: at }) => (
            <span key={key} className="cl-row" style={{ gap: 4 }}>
              {(['start', 'end'] as const).map((edge) => (
                <span key={edge} className="cl-row" style={{ gap: 4 }}>
                  {edge === 'end' && '–'}
                  <Form.Item name={[at, edge]} rules={rules} validateTrigger="onBlur" style={{ marginBottom: 0 }}>
                    <Input aria-label={t(`hours.${edge}`, { day })} placeholder={edge === 'start' ? '09:00' : '18:00'} maxLength={5} style={{ inlineSize: 68 }} />
                  </Form.Item>
                </span>
              ))}
              <Button type="text" size="small" aria-label={t('hours.remove_span', { day })} icon={<X size={14} aria-hidden />} onClick={() => remove(at)} />
            </span>
          ))}
          <Button
            size="small"
            type="text"
            aria-label={t('hours.add_span', { day })}
            icon={<Plus size={14} aria-hidden />}
            onClick={() => add(fields.length === 0 ? { start: '09:00', end: '18:00' } : { start: '', end: '' })}
          />
        </div>
      )}
    </Form.List>
  );
}
