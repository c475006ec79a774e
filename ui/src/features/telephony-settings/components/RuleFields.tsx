import { Button, Form, Select, type FormInstance } from 'antd';
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import type { CalendarChoiceShown, NumberShown, NumberWanted } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './Settings.module.css';

const LEVELS = ['diamond', 'gold', 'silver', 'standard'] as const;
const SIDES = ['open', 'closed'] as const;

interface Props {
  form: FormInstance<NumberWanted>;
  flows: { value: string; label: string }[];
  calendars: readonly CalendarChoiceShown[];
  /** What overlaps is told of what is stored, until something is changed. */
  known: NumberShown | null;
}

/** Rules, the first of which that fits has the caller. */
export function RuleFields({ form, flows, calendars, known }: Props) {
  const t = useMessages(messages);
  const now = Form.useWatch('rules', form);
  const overlaps = known !== null && decides(now) === decides(known.rules) ? known.overlaps : [];
  const said = (rule: number) =>
    overlaps.filter(({ later }) => later === rule).map(({ kind, earlier }) => t(kind === 'never' ? 'rule.never' : 'rule.partly', { n: earlier + 1 }));
  return (
    <Form.List name="rules">
      {(fields, { add, remove, move }) => (
        <ol className={styles.rules}>
          {fields.map(({ key, name }) => (
            <li key={key} className={styles.rule} aria-label={t('rule.nth', { n: name + 1 })}>
              <div className={styles.ruleTop}>
                <b>{t('rule.nth', { n: name + 1 })}</b>
                <span style={{ marginInlineStart: 'auto' }} />
                <Button type="text" size="small" disabled={name === 0} aria-label={t('rule.up', { n: name + 1 })} icon={<ArrowUp size={14} aria-hidden />} onClick={() => move(name, name - 1)} />
                <Button type="text" size="small" disabled={name === fields.length - 1} aria-label={t('rule.down', { n: name + 1 })} icon={<ArrowDown size={14} aria-hidden />} onClick={() => move(name, name + 1)} />
                <Button type="text" size="small" aria-label={t('rule.remove', { n: name + 1 })} icon={<X size={14} aria-hidden />} onClick={() => remove(name)} />
              </div>
              <div className={styles.pair}>
                <Form.Item name={[name, 'calendar_id']} label={t('rule.calendar')}>
                  <Select allowClear placeholder={t('rule.any_time')} options={calendars.map(({ id, name: label }) => ({ value: id, label }))} />
                </Form.Item>
                <Form.Item noStyle shouldUpdate>
                  {({ getFieldValue }) =>
                    typeof getFieldValue(['rules', name, 'calendar_id']) === 'string' && (
                      <Form.Item name={[name, 'when']} label={t('rule.when')}>
                        <Select options={SIDES.map((value) => ({ value, label: t(`rule.when.${value}`) }))} />
                      </Form.Item>
                    )
                  }
                </Form.Item>
                <Form.Item name={[name, 'prefixes']} label={t('rule.prefixes')}>
                  <Select mode="tags" open={false} suffix={null} tokenSeparators={[',', ' ', ';', ...t('rule.separators').split('')]} placeholder={t('rule.any_caller')} />
                </Form.Item>
                <Form.Item name={[name, 'levels']} label={t('rule.levels')}>
                  <Select mode="multiple" placeholder={t('rule.any_level')} options={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))} />
                </Form.Item>
                <Form.Item name={[name, 'flow']} label={t('rule.flow')} rules={[{ required: true, message: t('field.needed') }]}>
                  <Select options={flows} />
                </Form.Item>
              </div>
              {said(name).map((words) => (
                <p key={words} className={styles.odd}>{words}</p>
              ))}
            </li>
          ))}
          <li>
            <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => add({ flow: flows[0]?.value ?? '', calendar_id: null, when: 'open', prefixes: [], levels: [] })}>
              {t('rule.add')}
            </Button>
          </li>
        </ol>
      )}
    </Form.List>
  );
}

/** What decides, in one form: an empty field is no condition, however it came to be empty. */
function decides(rules: NumberWanted['rules']): string {
  const said = (rules ?? []).map(({ flow, calendar_id, when, prefixes, levels }) => [flow, calendar_id ?? null, typeof calendar_id === 'string' ? when : null, prefixes, levels]);
  return JSON.stringify(said);
}
