import { useEffect, useEffectEvent, useState } from 'react';

const AFTER_MS = 300;

/**
 * What is typed into a field whose words live in the address. It stays as it is typed, however long the address takes:
 * a field that waited for the address would lose letters and break input methods. The words are told a moment after
 * the last key, but for those that mean nothing yet; what somebody else puts into the address is taken up.
 */
export function useTyped(words: string, onWords: (words: string | undefined) => void, unfinished?: RegExp) {
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
  const wait = wanted === asked || unfinished?.test(wanted) === true;
  useEffect(() => {
    if (wait) return undefined;
    const timer = setTimeout(() => ask(wanted), AFTER_MS);
    return () => clearTimeout(timer);
  }, [wanted, wait]);
  return [typed, setTyped] as const;
}
