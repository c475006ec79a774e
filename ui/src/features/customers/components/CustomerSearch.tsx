import { SearchInput } from '@/design/SearchInput';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CustomerList.module.css';

const messages = catalogue(zh, en);
const LONGEST = 64;
const TOO_SHORT = /^\+?\d{1,2}$/;

/** Where one types whom one looks for. Two digits ask for nothing yet: the server wants three. */
export function CustomerSearch({ q, onSearch }: { q: string | undefined; onSearch: (q: string | undefined) => void }) {
  const t = useMessages(messages);
  return (
    <div role="search" className={styles.search}>
      <SearchInput label={t('search.label')} hint={t('search.hint')} words={q} onWords={onSearch} tooShort={TOO_SHORT} maxLength={LONGEST} autoFocus />
      <span className="cl-note cl-muted">{t('search.help')}</span>
    </div>
  );
}
