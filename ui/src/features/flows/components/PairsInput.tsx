import { Button, Input } from 'antd';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './StepForm.module.css';

interface Props {
  value: unknown;
  disabled: boolean;
  onChange: (value: unknown, typing?: boolean) => void;
}

/** Variables with what goes into each. */
export function PairsInput({ value, disabled, onChange }: Props) {
  const t = useMessages(messages);
  const held = Object.entries((typeof value === 'object' && value !== null ? value : {}) as Record<string, string>);
  const [rows, setRows] = useState(held);
  // Undoing and other hands change what is held; a row that is half typed is only here.
  const kept = rows.filter(([name]) => name !== '');
  const shown = JSON.stringify(Object.fromEntries(kept)) === JSON.stringify(Object.fromEntries(held)) ? rows : held;
  const write = (next: [string, string][]) => {
    setRows(next);
    const named = Object.fromEntries(next.filter(([name]) => name !== ''));
    onChange(Object.keys(named).length === 0 ? undefined : named, true);
  };
  return (
    <>
      {shown.map(([name, content], at) => (
        <div key={at} className={styles.pair}>
          <Input aria-label={t('form.variable', { n: at + 1 })} placeholder="a-z 0-9 _" disabled={disabled} value={name} onChange={({ target }) => write(shown.with(at, [target.value, content]))} />
          <Input aria-label={t('form.value', { n: at + 1 })} disabled={disabled} value={content} onChange={({ target }) => write(shown.with(at, [name, target.value]))} />
          <Button type="text" disabled={disabled} aria-label={t('form.remove', { name })} icon={<X size={14} aria-hidden />} onClick={() => write(shown.toSpliced(at, 1))} />
        </div>
      ))}
      <Button size="small" disabled={disabled} icon={<Plus size={14} aria-hidden />} onClick={() => write([...shown, ['', '']])}>
        {t('form.add')}
      </Button>
    </>
  );
}
