import { Input, type InputProps } from 'antd';
import { Search } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';

const SEARCH_AFTER_MS = 300;
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

/**
 * Where one types what one looks for. It asks a moment after the last key. What is typed stays as it is typed, however
 * long the address takes: a field that waited for the address would lose letters and break input methods.
 */
export function SearchInput({ label, hint = label, words = '', onWords, tooShort, maxLength = LONGEST, ...rest }: Props) {
  const [typed, setTyped] = useState(words);
  const [seen, setSeen] = useState(words);
  /** What was asked for and the address has not said yet; when it says something else, somebody else changed it. */
  const [onTheWay, setOnTheWay] = useState<readonly string[]>([]);
  if (words !== seen) {
    const at = onTheWay.indexOf(words);
    setSeen(words);
    setOnTheWay(at < 0 ? [] : onTheWay.slice(at + 1));
    if (at < 0) setTyped(words);
  }
  const asked = onTheWay.at(-1) ?? words;

  const ask = useEffectEvent((wanted: string) => {
    setOnTheWay([...onTheWay, wanted]);
    onWords(wanted === '' ? undefined : wanted);
  });
  const wanted = typed.trim();
  const wait = wanted === asked || tooShort?.test(wanted) === true;
  useEffect(() => {
    if (wait) return undefined;
    const timer = setTimeout(() => ask(wanted), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [wanted, wait]);

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
