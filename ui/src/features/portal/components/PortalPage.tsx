import { useEffect } from 'react';
import { useMode } from '@/design/mode';
import { WarningGlyph } from '@/design/glyphs';
import { useLocale } from '@/shared/i18n/useMessages';
import { useStored } from '@/shared/storage/useStored';
import { offlineText, serviceText } from '@/shared/visitor/words';
import { useChatView } from '../hooks/useChat';
import { elderMode } from '../model/elder';
import { Composer } from './Composer';
import { PortalHeader } from './PortalHeader';
import styles from './Portal.module.css';
import { StartForm } from './StartForm';
import { Thread } from './Thread';

/** The customer's page: who serves me, what was said, and at the bottom always the place to write. */
export function PortalPage() {
  const language = useLocale();
  const elder = useStored(elderMode);
  const view = useChatView();
  const { entered, link, pending, uploads } = view;
  const title = serviceText(view, language);
  useMode();

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = title;
  }, [language, title]);

  return (
    <div className={styles.page} data-elder={elder}>
      <PortalHeader />
      <div role="status" className={styles.strip}>
        {(link === 'offline' || link === 'ended') && (
          <>
            <WarningGlyph size={16} /> {offlineText(language)}
          </>
        )}
      </div>
      {entered || pending.length + uploads.length > 0 ? (
        <>
          <Thread />
          <Composer />
        </>
      ) : (
        <StartForm />
      )}
    </div>
  );
}
