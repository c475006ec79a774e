import { Button, Input, Select } from 'antd';
import { ArrowRight, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import { NOWHERE, type Definition, type Step } from '../model/definition';
import { lead, withoutKey } from '../model/editing';
import { KEYS } from '../model/fields';
import { FAILED, SHAPES, waysOf } from '../model/ways';
import styles from './StepForm.module.css';

interface Props {
  step: Step;
  definition: Definition;
  disabled: boolean;
  onStep: (change: (step: Step) => Step) => void;
  onChoose: (step: string) => void;
}

/** Where a step leads, way by way; a menu gets more keys here, another flow more outcomes. */
export function WaysInput({ step, definition, disabled, onStep, onChoose }: Props) {
  const t = useMessages(messages);
  const words = useStepWords();
  const names = new Set(Object.keys(definition.steps));
  const ways = waysOf(step, names);
  const shape = SHAPES[step.kind];
  const needed = new Set(shape?.needed ?? ways.map(({ field }) => field));
  const there = new Set(ways.map(({ field }) => field));
  const more = shape === undefined ? [] : [...(shape.may ?? []), FAILED].filter((field) => !there.has(field));
  const all = [...ways, ...more.map((field) => ({ label: field, to: '', field, key: undefined }))];
  const options = [...names].map((name) => ({ value: name, label: words.title(name, definition.steps[name]) }));
  return (
    <>
      <ul className={styles.ways}>
        {all.map((way) => {
          const label = words.way(step.kind, way.label);
          const open = way.to !== '' && !names.has(way.to);
          return (
            <li key={`${way.field}/${way.key ?? ''}`}>
              <span>{label}</span>
              <Button type="text" size="small" disabled={!names.has(way.to)} aria-label={t('form.go', { way: label })} icon={<ArrowRight size={14} aria-hidden />} onClick={() => onChoose(way.to)} />
              <Select
                aria-label={t('form.leads_to', { way: label })}
                disabled={disabled}
                showSearch={{ optionFilterProp: 'label' }}
                allowClear={way.key === undefined && !needed.has(way.field)}
                status={open ? 'error' : ''}
                placeholder={way.field === FAILED ? t('form.to_safety') : t('form.none')}
                value={way.to === '' ? undefined : way.to === NOWHERE || open ? t('way.nowhere') : way.to}
                onChange={(to: string | undefined) => onStep((one) => lead(one, way, to ?? null))}
                options={options}
              />
              {way.key !== undefined && (
                <Button type="text" size="small" disabled={disabled} aria-label={t('form.remove', { name: label })} icon={<X size={14} aria-hidden />} onClick={() => onStep((one) => withoutKey(one, way.field, way.key ?? ''))} />
              )}
            </li>
          );
        })}
      </ul>
      {shape?.many === 'choices' && <MoreKeys field="choices" step={step} disabled={disabled} onStep={onStep} />}
      {shape?.many === 'outcomes' && <MoreOutcomes field="outcomes" disabled={disabled} onStep={onStep} />}
    </>
  );
}

function MoreKeys({ field, step, disabled, onStep }: { field: string; step: Step; disabled: boolean; onStep: Props['onStep'] }) {
  const t = useMessages(messages);
  const held = step[field] ?? {};
  const free = KEYS.filter((key) => !Object.hasOwn(held, key));
  return (
    <Select
      size="small"
      className={styles.more}
      disabled={disabled || free.length === 0}
      aria-label={t('form.more_keys')}
      placeholder={t('form.more_keys')}
      value={null}
      onChange={(key: string | null) => key !== null && onStep((one) => lead(one, { field, key }, null))}
      options={free.map((key) => ({ value: key, label: t('way.key', { key }) }))}
    />
  );
}

function MoreOutcomes({ field, disabled, onStep }: { field: string; disabled: boolean; onStep: Props['onStep'] }) {
  const t = useMessages(messages);
  const [name, setName] = useState('');
  const add = () => {
    onStep((one) => lead(one, { field, key: name }, null));
    setName('');
  };
  const usable = /^[a-z][a-z0-9-]{0,39}$/.test(name);
  return (
    <div className={styles.pair}>
      <Input size="small" aria-label={t('form.outcome')} placeholder={t('form.outcome')} disabled={disabled} value={name} onChange={({ target }) => setName(target.value)} onPressEnter={() => usable && add()} />
      <Button size="small" disabled={disabled || !usable} icon={<Plus size={14} aria-hidden />} onClick={add}>
        {t('form.add')}
      </Button>
    </div>
  );
}
