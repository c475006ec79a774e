import { Button } from 'antd';
import { WarningGlyph } from '@/design/glyphs';
import { useMessages } from '@/shared/i18n/useMessages';
import { useLink, useRefused, useShutOut } from '@/shared/realtime/RealtimeContext';
import { messages } from '../messages';
import styles from './Shell.module.css';

/** Within three seconds of the loss: what happened, what was kept, what happens next. Also when only a part is not live. */
export function NetworkStrip() {
  const t = useMessages(messages);
  const link = useLink();
  const shutOut = useShutOut();
  const { refused, askAgain } = useRefused();
  const lost = link === 'offline' || link === 'ended';
  return (
    <div role="status" className={styles.strip}>
      {(lost || refused) && (
        <>
          <span className="cl-warn">
            <WarningGlyph size={14} />
          </span>
          {t(lost && !shutOut ? 'network.lost' : 'network.refused')}
          {!lost && (
            <Button size="small" onClick={askAgain}>
              {t('network.again')}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
