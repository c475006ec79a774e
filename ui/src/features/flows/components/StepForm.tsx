import { useMessages } from '@/shared/i18n/useMessages';
import type { Choices } from '../hooks/useChoices';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Definition, Step } from '../model/definition';
import { withField } from '../model/editing';
import { FIELDS, type Field } from '../model/fields';
import { isKnown } from '../model/kinds';
import { FieldInput } from './FieldInput';
import { JsonInput } from './JsonInput';
import styles from './StepForm.module.css';
import { WaysInput } from './WaysInput';

interface Props {
  name: string;
  step: Step;
  definition: Definition;
  choices: Choices;
  disabled: boolean;
  onStep: (change: (step: Step) => Step, of?: string) => void;
  onChoose: (step: string) => void;
}

const TITLE: Field = { name: 'title', as: 'words', may: true };

/** What a step is told, and where it leads. A step of a kind that is newer than this editor is written as JSON. */
export function StepForm({ name, step, definition, choices, disabled, onStep, onChoose }: Props) {
  const t = useMessages(messages);
  const words = useStepWords();
  const fields = isKnown(step.kind) ? FIELDS[step.kind] : null;
  const input = (field: Field) => (
    <FieldInput
      key={field.name}
      field={field}
      kind={step.kind}
      value={step[field.name]}
      choices={choices}
      disabled={disabled}
      onChange={(value, typing) => onStep((one) => withField(one, field.name, value), typing === true ? `${name}/${field.name}` : undefined)}
    />
  );
  return (
    <div className={styles.form}>
      {input(TITLE)}
      {fields?.map(input)}
      {fields === null && (
        <div className={styles.field}>
          <p className="cl-note cl-secondary">{t('form.unknown_kind', { kind: words.kind(step.kind) })}</p>
          <JsonInput label={t('form.as_json')} value={step} disabled={disabled} onChange={(value) => value !== undefined && onStep((one) => ({ ...(value as Step), kind: one.kind }), `${name}/json`)} />
        </div>
      )}
      <fieldset className={styles.field}>
        <legend>{t('step.ways')}</legend>
        <WaysInput step={step} definition={definition} disabled={disabled} onStep={onStep} onChoose={onChoose} />
      </fieldset>
    </div>
  );
}
