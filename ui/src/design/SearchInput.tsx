import { Input, type InputProps } from 'antd';
import { Search } from 'lucide-react';
import { useTyped } from './useTyped';

const LONGEST = 100;

interface Props extends Pick<InputProps, 'autoFocus' | 'className' | 'maxLength' | 'style'> {
  /** What the field is called, and what stands in it while it is empty. */
  label: string;
  hint?: string;
  /** What is looked for now; it lives in the address. */
  words: string | undefined;
  onWords: (words: string | undefined) => void;
  /** Words that ask for nothing yet. */
  tooShort?: RegExp;
}

/** Where one types what one looks for. */
export function SearchInput({ label, hint = label, words = '', onWords, tooShort, maxLength = LONGEST, ...rest }: Props) {
  const [typed, setTyped] = useTyped(words, onWords, tooShort);
  return (
    <Input
      aria-label={label}
      placeholder={hint}
      prefix={<Search size={14} aria-hidden />}
      value={typed}
      maxLength={maxLength}
      onChange={(event) => setTyped(event.target.value)}
      allowClear
      {...rest}
    />
  );
}
