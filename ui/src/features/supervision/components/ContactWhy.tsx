import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatComing, formatShortDay, formatTimeOfDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { whyQuery } from '../api/waiting';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { whyLines } from '../model/whyLines';
import styles from './Supervision.module.css';

const messages = catalogue(zh, en);

/** Why a contact waits, or is with whom it is: asked when somebody wants to know. */
export function ContactWhy({ interactionId }: { interactionId: string }) {
  const t = useMessages(messages);
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.why} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('why.title')}</summary>
      {open && <Lines interactionId={interactionId} />}
    </details>
  );
}

function Lines({ interactionId }: { interactionId: string }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const why = useQuery(whyQuery(interactionId));
  if (why.isError) return <ErrorPanel what={t('why.what')} error={why.error} retry={() => void why.refetch()} />;
  if (why.data === undefined) return <Loading what={t('why.what')} rows={2} />;
  const [first, ...rest] = whyLines(why.data, messages, t, (moment) =>
    formatShortDay(moment, zone, serverNow()) === formatShortDay(serverNow(), zone, serverNow())
      ? formatTimeOfDay(moment, t.language, zone)
      : formatComing(moment, t.language, zone, serverNow()),
  );
  return (
    <>
      <p className="cl-strong">{first}</p>
      <ul>
        {rest.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
