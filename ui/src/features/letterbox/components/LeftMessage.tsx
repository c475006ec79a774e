import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Clock, Mail, Phone } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { MaskedNumber } from '@/design/MaskedNumber';
import { ErrorPanel, Loading } from '@/design/panels';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { formatComing, formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { letterQuery, revealReach, type LetterOf } from '../api/letterbox';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { PutOffDialog } from './PutOffDialog';
import styles from './LeftMessage.module.css';

const messages = catalogue(zh, en);

interface Props {
  of: LetterOf;
  caseLink?: (caseId: string, number: string) => ReactNode;
  /** It was put off by who has it in hand; missing where it cannot be. */
  onPutOff?: (() => void) | undefined;
}

/** How somebody who left a message wants to be reached, and what they were promised; what they wrote where no case shows it. */
export function LeftMessage({ of, caseLink, onPutOff }: Props) {
  const t = useMessages(messages);
  const may = useMay();
  const [putting, setPutting] = useState(false);
  const zone = useTimeZone();
  const found = useQuery(letterQuery(of));
  if (found.isError && found.data === undefined) return <ErrorPanel what={t('what')} error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what={t('what')} rows={2} />;
  if (found.data === null) return null;
  const { reach_kind: kind, reach_masked: masked, because, queue, opens_at: opens, left_at: left, consent, put_off: putOff } = found.data;
  const Icon = kind === 'email' ? Mail : Phone;
  const moment = (at: string) => formatMoment(at, t.language, zone, serverNow());
  const coming = (at: string) => (Date.parse(at) > serverNow() ? formatComing(at, t.language, zone, serverNow()) : moment(at));
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
      <p>{opens === null ? t('promised.soon') : t('promised.at', { time: coming(opens) })}</p>
      {putOff !== null && <p>{t('put_off.was', { who: putOff.by ?? t('put_off.somebody'), time: coming(putOff.until), why: putOff.because })}</p>}
      <p className="cl-note cl-muted">{t('consent', { words: consent })}</p>
      {onPutOff !== undefined && 'interactionId' in of && (
        <p>
          <Button size="small" icon={<Clock size={14} aria-hidden />} disabled={putOff?.left === 0} onClick={() => setPutting(true)}>
            {t('put_off.open')}
          </Button>
          {putOff?.left === 0 && <span className="cl-note cl-muted"> {t('put_off.often')}</span>}
          {putting && <PutOffDialog interactionId={of.interactionId} open onClose={() => setPutting(false)} onDone={onPutOff} />}
        </p>
      )}
    </section>
  );
}
