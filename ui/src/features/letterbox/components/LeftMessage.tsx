import { useQuery } from '@tanstack/react-query';
import { Mail, Phone } from 'lucide-react';
import type { ReactNode } from 'react';
import { MaskedNumber } from '@/design/MaskedNumber';
import { ErrorPanel, Loading } from '@/design/panels';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { letterQuery, revealReach, type LetterOf } from '../api/letterbox';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './LeftMessage.module.css';

const messages = catalogue(zh, en);

/** How somebody who left a message wants to be reached, and what they were promised; what they wrote where no case shows it. */
export function LeftMessage({ of, caseLink }: { of: LetterOf; caseLink?: (caseId: string, number: string) => ReactNode }) {
  const t = useMessages(messages);
  const may = useMay();
  const zone = useTimeZone();
  const found = useQuery(letterQuery(of));
  if (found.isError && found.data === undefined) return <ErrorPanel what={t('what')} error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what={t('what')} rows={2} />;
  if (found.data === null) return null;
  const { reach_kind: kind, reach_masked: masked, because, queue, opens_at: opens, left_at: left, consent } = found.data;
  const Icon = kind === 'email' ? Mail : Phone;
  const moment = (at: string) => formatMoment(at, t.language, zone, serverNow());
  return (
    <section className={styles.letter} aria-label={t('what')}>
      <h2 className="cl-row" style={{ gap: 8 }}>
        <span className="cl-grow">{t('what')}</span>
        {caseLink !== undefined && <span className="cl-note">{caseLink(found.data.case_id, found.data.number)}</span>}
      </h2>
      {caseLink !== undefined && <p className={styles.words}>{found.data.text}</p>}
      <p className="cl-row" style={{ gap: 8 }}>
        <Icon size={14} className="cl-muted" aria-hidden />
        <span>{t(`reach.${kind}`)}</span>
        {masked === null ? t('removed') : <MaskedNumber masked={masked} reveal={may('customer:reveal') ? () => revealReach(of) : undefined} />}
      </p>
      <p>{t(`because.${because}`, { queue, time: moment(left) })}</p>
      <p>{opens === null ? t('promised.soon') : t('promised.at', { time: moment(opens) })}</p>
      <p className="cl-note cl-muted">{t('consent', { words: consent })}</p>
    </section>
  );
}
