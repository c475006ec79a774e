import { useEffect } from 'react';
import { applyAccent } from '@/design/applyAccent';
import { useMode } from '@/design/mode';
import { WarningGlyph } from '@/design/glyphs';
import { useLocale } from '@/shared/i18n/useMessages';
import { useStored } from '@/shared/storage/useStored';
import { greeting } from '@/shared/visitor/look';
import { askedFor } from '@/shared/visitor/letter';
import { offlineText, openingText, say, serviceText } from '@/shared/visitor/words';
import { useNow } from '@/shared/time/useNow';
import { useChatView } from '../hooks/useChat';
import { useLook } from '../hooks/useLook';
import { elderMode } from '../model/elder';
import { Composer } from './Composer';
import { LeaveButton } from './LeaveButton';
import { PortalHeader } from './PortalHeader';
import styles from './Portal.module.css';
import { StartForm } from './StartForm';
import { Thread } from './Thread';

/** The customer's page: who serves me, what was said, and at the bottom always the place to write. */
export function PortalPage({ tenant }: { tenant: string }) {
  const language = useLocale();
  const elder = useStored(elderMode);
  const view = useChatView();
  const { entered, pending, person, left } = view;
  const title = serviceText(view, language);
  const asked = askedFor(view) !== null;
  const mode = useMode();
  const look = useLook(tenant);
  const color = look?.color ?? null;
  useEffect(() => applyAccent(color, mode), [color, mode]);

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = title;
  }, [language, title]);

  return (
    <div className={styles.page} data-elder={elder}>
      <PortalHeader />
      <div role="status" className={styles.strip}>
        <Strip />
      </div>
      {/* Stands there before it says anything: what comes in together with its words many readers do not read out. */}
      <div role="status">{left !== null && <p className={styles.left}>{say(language, `gone.${left}`)}</p>}</div>
      {entered || pending.length > 0 ? (
        <>
          <Thread key={`thread ${person}`} />
          {!(asked && view.now.state === 'flow') && <Composer key={person} />}
          <LeaveButton />
        </>
      ) : (
        <StartForm greeting={look === null ? null : greeting(look, language)} isNext={person > 0} />
      )}
    </div>
  );
}

/** What stands between the customer and an answer: no network, or nobody there. */
function Strip() {
  const language = useLocale();
  const view = useChatView();
  const nobody = openingText(view, language, useNow());
  const words = view.link === 'offline' || view.link === 'ended' ? offlineText(language) : nobody;
  if (words === null) return null;
  return (
    <>
      <WarningGlyph size={16} /> {words}
    </>
  );
}
