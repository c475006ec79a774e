import { Input } from 'antd';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CustomerList.module.css';

const messages = catalogue(zh, en);
const SEARCH_AFTER_MS = 250;
const LONGEST = 64;
const TOO_SHORT = /^\+?\d{1,2}$/;

/** Where one types whom one looks for. Two digits ask for nothing yet: the server wants three. */
export function CustomerSearch({ q, onSearch }: { q: string | undefined; onSearch: (q: string | undefined) => void }) {
  const t = useMessages(messages);
  const now = q ?? '';
  const [words, setWords] = useState(now);
  /** What was looked for last, and what the address said last: when they part, somebody else changed the address. */
  const [asked, setAsked] = useState(now);
  const [seen, setSeen] = useState(now);
  if (now !== seen) {
    setSeen(now);
    if (now !== asked) {
      setAsked(now);
      setWords(now);
    }
  }

  useEffect(() => {
    const wanted = words.trim();
    if (wanted === asked || TOO_SHORT.test(wanted)) return undefined;
    const timer = setTimeout(() => {
      setAsked(wanted);
      onSearch(wanted === '' ? undefined : wanted);
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [words, asked, onSearch]);

  return (
    <div role="search" className={styles.search}>
      <Input
        aria-label={t('search.label')}
        prefix={<Search size={14} aria-hidden />}
        placeholder={t('search.hint')}
        value={words}
        maxLength={LONGEST}
        onChange={(event) => setWords(event.target.value)}
        allowClear
        autoFocus
      />
      <span className="cl-note cl-muted">{t('search.help')}</span>
    </div>
  );
}
