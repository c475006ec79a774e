import { Checkbox, Form, Input, InputNumber, Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import type { CalendarShown, QueueSettingsShown, SkillShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { STRATEGIES, type QueueFields } from '../api/queues';
import { messages } from '../messages';
import { NeedsFields } from './NeedsFields';
import { RelaxationFields } from './RelaxationFields';
import styles from './Settings.module.css';

const OVERFLOWS = ['goodbye', 'message', 'queue'] as const;

interface Props {
  isNew: boolean;
  queueId: string | null;
  now: QueueFields;
  skills: readonly SkillShown[];
  queues: readonly QueueSettingsShown[];
  calendars: readonly CalendarShown[];
}

/** Everything that is set of a queue, in the order in which a contact meets it. */
export function QueueFormFields({ isNew, queueId, now, skills, queues, calendars }: Props) {
  const t = useMessages(messages);
  const others = queues.filter(({ id }) => id !== queueId).map(({ id, name }) => ({ value: id, label: name }));
  const needed = now.needs.flatMap(({ skill }) => skills.filter(({ code }) => code === skill)).map(({ code, name }) => ({ value: code, label: name }));
  const last = Math.max(0, ...now.rules.relaxation.map(({ after_s }) => after_s));
  return (
    <>
      <div className={styles.pair}>
        <Form.Item name="name" label={t('field.name')} rules={[{ required: true, whitespace: true, message: t('field.needed') }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="code" label={t('field.code')} extra={isNew ? t('field.code_hint') : undefined} rules={[{ required: true, message: t('field.needed') }]}>
          <Input maxLength={40} disabled={!isNew} />
        </Form.Item>
        <Form.Item name={['rules', 'calendar_id']} label={t('field.calendar')}>
          <Select allowClear placeholder={t('field.always')} options={calendars.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item name={['rules', 'closed']} label={t('field.closed')} valuePropName="checked">
          <Switch />
        </Form.Item>
      </div>
      <Section title={t('section.who')}>
        <Form.Item name="media" label={t('field.media')} rules={[{ type: 'array', min: 1, message: t('field.needed') }]}>
          <Checkbox.Group options={(['voice', 'chat', 'message'] as const).map((value) => ({ value, label: t(`media.${value}`) }))} />
        </Form.Item>
        <Form.Item label={t('field.needs')}>
          <NeedsFields skills={skills} />
        </Form.Item>
        <div className={styles.pair}>
          <Form.Item name={['rules', 'strategy']} label={t('field.strategy')}>
            <Select options={STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))} />
          </Form.Item>
          <Seconds name={['rules', 'preferred_wait_s']} label={t('field.preferred_wait')} />
        </div>
      </Section>
      <Section title={t('section.order')}>
        <div className={styles.pair}>
          <Form.Item
            name="target"
            label={t('field.target')}
            getValueProps={(share: number) => ({ value: Math.round(share * 100) })}
            normalize={(percent: number | null) => (percent ?? 0) / 100}
          >
            <InputNumber min={0} max={100} precision={0} suffix="%" />
          </Form.Item>
          <Seconds name="target_seconds" label={t('field.target_seconds')} />
          <Seconds name={['rules', 'priority_step_s']} label={t('field.priority_step')} />
        </div>
      </Section>
      <Section title={t('section.relax')}>
        <RelaxationFields needs={needed} queues={others} last={last} />
      </Section>
      <Section title={t('section.offer')}>
        <div className={styles.pair}>
          <Seconds name="ring_seconds" label={t('field.ring')} />
          <Seconds name="wrap_up_seconds" label={t('field.wrap_up')} />
          <Seconds name={['rules', 'decline_pause_s']} label={t('field.decline_pause')} />
          <Seconds name={['rules', 'set_aside_s']} label={t('field.set_aside')} empty={t('field.until_ready')} />
        </div>
      </Section>
      <Section title={t('section.limits')}>
        <div className={styles.pair}>
          <Form.Item name={['rules', 'max_waiting']} label={t('field.max_waiting')}>
            <InputNumber min={0} precision={0} placeholder={t('field.unlimited')} suffix={t('unit.people')} />
          </Form.Item>
          <Seconds name={['rules', 'max_wait_s']} label={t('field.max_wait')} empty={t('field.unlimited')} />
        </div>
        <div className={styles.pair}>
          <Form.Item name={['rules', 'overflow']} label={t('field.overflow')}>
            <Select options={OVERFLOWS.map((value) => ({ value, label: t(`overflow.${value}`) }))} />
          </Form.Item>
          {now.rules.overflow === 'queue' && (
            <Form.Item name={['rules', 'overflow_to']} label={t('field.overflow_to')} rules={[{ required: true, message: t('field.needed') }]}>
              <Select options={others} />
            </Form.Item>
          )}
        </div>
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3 className="cl-panel-title">{title}</h3>
      {children}
    </section>
  );
}

/** `empty` is what no number means; without it one is needed. */
function Seconds({ name, label, empty }: { name: string | string[]; label: string; empty?: string }) {
  const t = useMessages(messages);
  return (
    <Form.Item name={name} label={label} rules={empty === undefined ? [{ required: true, message: t('field.needed') }] : []}>
      <InputNumber min={0} precision={0} placeholder={empty} style={empty === undefined ? undefined : { width: 190 }} suffix={t('unit.s')} />
    </Form.Item>
  );
}
