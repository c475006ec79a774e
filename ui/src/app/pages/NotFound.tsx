import { Link } from '@tanstack/react-router';
import { EmptyPanel } from '@/design/panels';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';

export function NotFound() {
  const t = useMessages(messages);
  return (
    <main>
      <EmptyPanel action={<Link to="/">{t('page.home')}</Link>}>{t('page.not_found')}</EmptyPanel>
    </main>
  );
}
