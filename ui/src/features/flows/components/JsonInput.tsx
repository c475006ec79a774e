import { Input } from 'antd';
import { useState } from 'react';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './StepForm.module.css';

interface Props {
  value: unknown;
  disabled: boolean;
  label?: string;
  onChange: (value: unknown, typing?: boolean) => void;
}

const written = (value: unknown) => (value === undefined || value === null ? '' : JSON.stringify(value, null, 2));

/** An object as JSON. What cannot be read stays in the field and goes nowhere. */
export function JsonInput({ value, disabled, label, onChange }: Props) {
  const t = useMessages(messages);
  const [typed, setTyped] = useState<{ text: string; of: string }>({ text: written(value), of: written(value) });
  const text = typed.of === written(value) ? typed.text : written(value);
  const wrong = text !== '' && readable(text) === null;
  return (
    <>
      <Input.TextArea
        aria-label={label}
        className={styles.mono}
        autoSize={{ minRows: 2, maxRows: 16 }}
        status={wrong ? 'error' : ''}
        disabled={disabled}
        value={text}
        onChange={({ target }) => {
          const found = readable(target.value);
          const next = found ?? (target.value === '' ? undefined : value);
          setTyped({ text: target.value, of: written(next) });
          if (found !== null || target.value === '') onChange(next, true);
        }}
      />
      {wrong && <span className="cl-note cl-bad">{t('form.no_json')}</span>}
    </>
  );
}

function readable(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
