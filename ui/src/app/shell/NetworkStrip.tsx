import { WarningGlyph } from '@/design/glyphs';
import { useMessages } from '@/shared/i18n/useMessages';
import { useLink } from '@/shared/realtime/RealtimeContext';
import { messages } from '../messages';
import styles from './Shell.module.css';

/** Within three seconds of the loss: what happened, what was kept, what happens next. */
export function NetworkStrip() {
  const t = useMessages(messages);
  const link = useLink();
  return (
    <div role="status" className={styles.strip}>
      {(link === 'offline' || link === 'ended') && (
        <>
          <span className="cl-warn">
            <WarningGlyph size={14} />
          </span>
          {link === 'offline' ? t('network.lost') : t('network.ended')}
        </>
      )}
    </div>
  );
}
