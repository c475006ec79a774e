import { Wifi, WifiOff } from 'lucide-react';
import { Dot } from '@/design/atoms';
import { WarningGlyph } from '@/design/glyphs';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { usePhoneState } from '../hooks/useSoftphone';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { isGood } from '../model/lineQuality';

const messages = catalogue(zh, en);

/** One line on the phone, a second on how the line is while somebody talks. */
export function PhoneStatus() {
  const t = useMessages(messages);
  const { registration, call, microphoneRefused } = usePhoneState();
  const registered = registration === 'registered';
  const quality = call?.quality ?? null;
  const poor = quality !== null && !isGood(quality);
  return (
    <div className="cl-row cl-note cl-muted" style={{ gap: 8 }} role="status">
      {registered ? <Wifi size={14} className={poor ? 'cl-warn' : 'cl-ok'} aria-hidden /> : <WifiOff size={14} aria-hidden />}
      <div>
        <div className="cl-secondary">{poor ? t('phone.poor') : t(`phone.${registration}`)}</div>
        {microphoneRefused && (
          <div className="cl-warn">
            <WarningGlyph size={12} /> {t('phone.no_microphone')}
          </div>
        )}
        {quality !== null && !microphoneRefused && (
          <div>
            {quality.roundTripMs !== null && (
              <>
                {t('phone.round_trip', { ms: quality.roundTripMs })}
                <Dot />
              </>
            )}
            {t('phone.lost', { share: (quality.lost * 100).toFixed(1) })}
          </div>
        )}
      </div>
    </div>
  );
}
