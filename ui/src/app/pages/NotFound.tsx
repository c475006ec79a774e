import { Link } from '@tanstack/react-router';
import { Logo } from '@/design/Logo';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './NotFound.module.css';

export function NotFound() {
  const t = useMessages(messages);
  return (
    <main className={styles.page}>
      <title>{`${t('page.nothing_here')} · Careline`}</title>
      <Logo size={40} />
      <h1 className="cl-page-title">{t('page.nothing_here')}</h1>
      <p className="cl-secondary">{t('page.not_found')}</p>
      <Link to="/">{t('page.home')}</Link>
    </main>
  );
}
