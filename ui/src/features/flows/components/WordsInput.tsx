import { Input } from 'antd';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { without } from '../model/without';
import styles from './StepForm.module.css';

interface Props {
  name: string;
  may: boolean;
  value: unknown;
  disabled: boolean;
  onChange: (value: unknown, typing?: boolean) => void;
}

const OURS = ['zh-CN', 'en'] as const;

/** What is said, language by language; gaps in braces are filled when it is said. */
export function WordsInput({ name, may, value, disabled, onChange }: Props) {
  const t = useMessages(messages);
  const held = (typeof value === 'object' && value !== null ? value : {}) as Record<string, string>;
  const languages = [...new Set([...OURS, ...Object.keys(held)])];
  const write = (language: string, words: string) => {
    const next = words === '' ? without(held, language) : { ...held, [language]: words };
    onChange(may && Object.keys(next).length === 0 ? undefined : next, true);
  };
  return languages.map((language) => {
    const called = language === 'zh-CN' || language === 'en' ? t(`language.${language}`) : language;
    return (
      <div key={language} className={styles.words}>
        <span className="cl-note cl-muted">{called}</span>
        <Input.TextArea aria-label={t('form.words_in', { name, language: called })} autoSize={{ minRows: 1, maxRows: 8 }} disabled={disabled} value={held[language] ?? ''} onChange={({ target }) => write(language, target.value)} lang={language} />
      </div>
    );
  });
}
