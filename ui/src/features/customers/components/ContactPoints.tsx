import { Alert, Button, Checkbox, Form, Input, Popconfirm, Select } from 'antd';
import { Mail, MapPin, Phone, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Label } from '@/design/atoms';
import { MaskedNumber } from '@/design/MaskedNumber';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { ContactKind, ContactPointWanted, CustomerRecord } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { addContactPoint, removeContactPoint, reveal } from '../api/customers';
import { useRecordChange } from '../hooks/useRecordChange';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './RecordPage.module.css';

const messages = catalogue(zh, en);
const ICONS = { phone: Phone, email: Mail, address: MapPin };
const KINDS = ['phone', 'email', 'address'] as const satisfies readonly ContactKind[];
const USES = ['home', 'work', 'billing', 'other'] as const;
const VALUE_MAX = 254;

type Fields = Required<Omit<ContactPointWanted, 'version'>>;

/** How a customer is reached besides their lines. */
export function ContactPoints({ record }: { record: CustomerRecord }) {
  const t = useMessages(messages);
  const may = useMay();
  const sentence = useErrorSentence();
  const [adding, setAdding] = useState(false);
  const { id, version } = record.customer;
  const remove = useRecordChange(id, (pointId: string) => removeContactPoint(id, pointId, version));
  return (
    <section className={styles.card}>
      <div className={styles.top}>
        <h2>{t('points.title')}</h2>
        {may('customer:write') && !adding && (
          <Button size="small" icon={<Plus size={12} aria-hidden />} onClick={() => setAdding(true)}>
            {t('points.add')}
          </Button>
        )}
      </div>
      {record.contact_points.length === 0 && !adding && <p className="cl-note cl-muted">{t('points.none')}</p>}
      {remove.isError && <Alert type="error" showIcon title={sentence(remove.error)} />}
      <ul className={styles.list}>
        {record.contact_points.map((point) => {
          const Icon = ICONS[point.kind];
          return (
            <li key={point.id} className={styles.row}>
              <span className="cl-row" style={{ gap: 8 }}>
                <Icon size={14} className="cl-muted" aria-label={t(`contact.${point.kind}`)} />
                <MaskedNumber
                  masked={point.value_masked}
                  reveal={may('customer:reveal') ? () => reveal(id, { what: 'contact_point', contact_point_id: point.id }) : undefined}
                />
              </span>
              <Label>{t(`use.${point.use}`)}</Label>
              {point.preferred && <Label tone="accent">{t('points.preferred')}</Label>}
              {may('customer:write') && (
                <Popconfirm
                  title={t('points.remove', { value: point.value_masked })}
                  okText={t('form.remove')}
                  cancelText={t('form.cancel')}
                  onConfirm={() => remove.mutate(point.id)}
                >
                  <Button type="text" size="small" icon={<X size={12} aria-hidden />} aria-label={t('points.remove', { value: point.value_masked })} />
                </Popconfirm>
              )}
            </li>
          );
        })}
      </ul>
      {adding && <AddPoint id={id} version={version} onClose={() => setAdding(false)} />}
    </section>
  );
}

function AddPoint({ id, version, onClose }: { id: string; version: number; onClose: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const add = useRecordChange(id, (fields: Fields) => addContactPoint(id, { ...fields, value: fields.value.trim(), version }), onClose);
  const wrong = add.error instanceof Problem && add.error.field === 'value' ? sentence(add.error) : undefined;
  return (
    <Form<Fields>
      className={styles.form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ kind: 'phone', use: 'home', value: '', preferred: false }}
      onFinish={(fields) => {
        if (!add.isPending) add.mutate(fields);
      }}
    >
      {add.isError && wrong === undefined && <Alert type="error" showIcon title={sentence(add.error)} style={{ marginBottom: 12 }} />}
      <div className={styles.buttons}>
        <Form.Item name="kind" label={t('points.kind')}>
          <Select style={{ inlineSize: 120 }} options={KINDS.map((kind) => ({ value: kind, label: t(`contact.${kind}`) }))} />
        </Form.Item>
        <Form.Item name="use" label={t('points.use')}>
          <Select style={{ inlineSize: 120 }} options={USES.map((use) => ({ value: use, label: t(`use.${use}`) }))} />
        </Form.Item>
      </div>
      <Form.Item
        name="value"
        label={t('points.value')}
        rules={[{ required: true, whitespace: true, message: t('points.value_needed') }]}
        {...(wrong === undefined ? {} : { validateStatus: 'error' as const, help: wrong })}
      >
        <Input maxLength={VALUE_MAX} autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item name="preferred" valuePropName="checked">
        <Checkbox>{t('points.prefer')}</Checkbox>
      </Form.Item>
      <div className={styles.buttons}>
        <Button type="primary" htmlType="submit" loading={add.isPending}>
          {t('form.save')}
        </Button>
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </div>
    </Form>
  );
}
