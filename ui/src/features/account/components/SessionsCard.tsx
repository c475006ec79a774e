import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { MonitorSmartphone } from 'lucide-react';
import { Label } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { SessionShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { endOtherSessions, endSession, mySessionsQuery } from '../api/account';
import { messages } from '../messages';
import { browserOf } from '../model/browser';
import styles from './Account.module.css';

export function SessionsCard() {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const sessions = useQuery(mySessionsQuery);
  const again = () => queries.invalidateQueries(mySessionsQuery);
  const end = useMutation({ mutationFn: endSession, onSettled: again });
  const endOthers = useMutation({ mutationFn: endOtherSessions, onSettled: again });
  const error = end.error ?? endOthers.error;
  const items = sessions.data ?? [];
  return (
    <section className={styles.card} aria-labelledby="account-sessions">
      <h2 id="account-sessions">{t('sessions.title')}</h2>
      <p className="cl-secondary">{t('sessions.what')}</p>
      {error !== null && <Alert type="error" showIcon title={sentence(error)} style={{ marginBottom: 12 }} />}
      {sessions.isError && <ErrorPanel what={t('sessions.title')} error={sessions.error} retry={() => void sessions.refetch()} />}
      {sessions.isPending && <Loading what={t('sessions.title')} rows={3} />}
      {items.length > 1 && (
        <Button loading={endOthers.isPending} onClick={() => endOthers.mutate()} style={{ marginBottom: 12 }}>
          {t('sessions.end_others', { count: items.length - 1 })}
        </Button>
      )}
      <ul>
        {items.map((one) => (
          <OneSession key={one.id} session={one} ending={end.isPending && end.variables === one.id} onEnd={() => end.mutate(one.id)} />
        ))}
      </ul>
    </section>
  );
}

function OneSession({ session, ending, onEnd }: { session: SessionShown; ending: boolean; onEnd: () => void }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const { browser, system } = browserOf(session.user_agent);
  const name = [browser ?? t('sessions.unknown'), system].filter((part) => part !== null).join(' · ');
  const at = (moment: string) => formatMoment(moment, t.language, zone, serverNow());
  return (
    <li className={styles.session}>
      <MonitorSmartphone size={20} className="cl-muted" aria-hidden />
      <div className="cl-grow">
        <div className="cl-row" style={{ gap: 8 }}>
          <b title={session.user_agent}>{name}</b>
          {session.current && <Label tone="accent">{t('sessions.here')}</Label>}
        </div>
        <p className="cl-note cl-muted">{t('sessions.when', { address: session.address, since: at(session.created_at), used: at(session.last_used_at) })}</p>
      </div>
      {!session.current && (
        <Button size="small" loading={ending} onClick={onEnd} aria-label={t('sessions.end_this', { name })}>
          {t('sessions.end')}
        </Button>
      )}
    </li>
  );
}
