import { useNavigate, useSearch } from '@tanstack/react-router';
import { Dot } from '@/design/atoms';
import { FloorPage } from '@/features/analytics/components/FloorPage';
import { LiveBadge } from '@/features/analytics/components/LiveBadge';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { formatDay, formatTimeOfDay } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function Floor() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/floor' });
  const { figure } = useSearch({ from: '/signed-in/floor' });
  const { tenant } = useSession();
  return (
    <>
      <PageTop title={t('nav.floor')}>
        <span className="cl-note cl-muted cl-ellipsis">
          {tenant.name}
          <Dot />
          <NowHere />
        </span>
        <LiveBadge />
      </PageTop>
      <FloorPage figure={figure ?? null} onFigure={(code) => void navigate({ search: { figure: code ?? undefined } })} />
    </>
  );
}

function NowHere() {
  const { language } = useMessages(messages);
  const zone = useTimeZone();
  const now = useNow();
  return `${formatDay(now, language, zone)} ${formatTimeOfDay(now, language, zone)}`;
}
