import { useQuery } from '@tanstack/react-query';
import { Label } from '@/design/atoms';
import { OkGlyph, WarningGlyph } from '@/design/glyphs';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useLink } from '@/shared/realtime/RealtimeContext';
import { secondsSince } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { floorQuery } from '../api/floor';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);
const STALE_S = 10;

/**
 * Whether the figures are of now. While the line is up silence means that nothing changed; when it is down the
 * figures age, and after ten seconds that is a warning.
 */
export function LiveBadge() {
  const t = useMessages(messages);
  const link = useLink();
  const floor = useQuery({ ...floorQuery, enabled: false });
  const now = useNow();
  if (floor.data === undefined) return null;
  if (link === 'online') {
    return (
      <Label tone="ok">
        <OkGlyph size={12} />
        {t('live.now')}
      </Label>
    );
  }
  const age = Math.floor(secondsSince(floor.data.at, now));
  const stale = age > STALE_S;
  return (
    <Label tone={stale ? 'warn' : 'plain'}>
      {stale && <WarningGlyph size={12} />}
      {t('live.age', { n: age })}
    </Label>
  );
}
