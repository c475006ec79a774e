import { AutoComplete, Input, InputNumber, Select, Switch } from 'antd';
import { useMessages } from '@/shared/i18n/useMessages';
import type { Choices } from '../hooks/useChoices';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Field } from '../model/fields';
import styles from './StepForm.module.css';
import { JsonInput } from './JsonInput';
import { PairsInput } from './PairsInput';
import { WordsInput } from './WordsInput';

interface Props {
  field: Field;
  kind: string;
  value: unknown;
  choices: Choices;
  disabled: boolean;
  /** `typing` when more of the same is to come. */
  onChange: (value: unknown, typing?: boolean) => void;
}

const text = (value: unknown) => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

/** One field of a step under its name. */
export function FieldInput({ field, kind, ...rest }: Props) {
  const words = useStepWords();
  const name = words.field(`${kind}.${field.name}`, field.name);
  if (field.as === 'words' || field.as === 'pairs') {
    return (
      <fieldset className={styles.field}>
        <legend>{name}</legend>
        {field.as === 'words' ? <WordsInput name={name} may={field.may === true} {...rest} /> : <PairsInput {...rest} />}
      </fieldset>
    );
  }
  const inline = field.as === 'switch' || field.as === 'number';
  return (
    // The control is inside: it has the label's name.
    <label className={`${styles.field} ${inline ? styles.inline : ''}`}>
      <span>{name}</span>
      <Control field={field} kind={kind} {...rest} />
    </label>
  );
}

function Control({ field, value, choices, disabled, onChange }: Props) {
  const t = useMessages(messages);
  const words = useStepWords();
  switch (field.as) {
    case 'number':
      return <InputNumber disabled={disabled} min={field.least} max={field.most} step={field.step ?? 1} value={typeof value === 'number' ? value : field.usual} onChange={(next) => onChange(next === null || next === field.usual ? undefined : next, true)} />;
    case 'switch':
      return <Switch disabled={disabled} checked={typeof value === 'boolean' ? value : field.usual} onChange={(next) => onChange(next === field.usual ? undefined : next)} />;
    case 'one':
      return (
        <Select
          disabled={disabled}
          allowClear={field.may === true}
          placeholder={t('form.none')}
          value={typeof value === 'string' ? value : field.usual}
          onChange={(next: string | undefined) => onChange(next === field.usual ? undefined : next)}
          options={field.of.map((one) => ({ value: one, label: words.value(field.name, one) }))}
        />
      );
    case 'named':
      return (
        <AutoComplete
          disabled={disabled}
          allowClear={field.may === true}
          value={text(value)}
          onChange={(next: string | undefined) => onChange(next === undefined || (next === '' && field.may === true) ? undefined : next, true)}
          options={choices[field.among].map((one) => ({ value: one.value, label: one.label === one.value ? one.label : `${one.label} (${one.value})` }))}
        />
      );
    case 'list':
      return <Select mode="tags" open={false} suffix={null} disabled={disabled} value={Array.isArray(value) ? value.map(text) : []} onChange={(next: string[]) => onChange(next.length === 0 ? undefined : next)} />;
    case 'json':
      return <JsonInput disabled={disabled} value={value} onChange={onChange} />;
    case 'bound':
      return <Input disabled={disabled} value={text(value)} onChange={({ target }) => onChange(target.value === '' ? undefined : /^-?\d+(\.\d+)?$/.test(target.value) ? Number(target.value) : target.value, true)} />;
    default:
      return <Input disabled={disabled} placeholder={'hint' in field ? field.hint : undefined} value={text(value)} onChange={({ target }) => onChange(target.value === '' && 'may' in field ? undefined : target.value, true)} />;
  }
}
