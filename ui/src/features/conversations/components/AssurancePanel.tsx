import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { KeyRound, ListChecks, LockKeyhole } from 'lucide-react';
import { useState } from 'react';
import { Label } from '@/design/atoms';
import { ErrorPanel } from '@/design/panels';
import { Severity } from '@/design/Severity';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { assuranceQuery } from '../api/assurance';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './AssurancePanel.module.css';
import { AskPassword, PasswordOpen } from './AskPassword';
import { AskQuestions } from './AskQuestions';
import { SendCode } from './SendCode';

const messages = catalogue(zh, en);

/** How sure we are who speaks, why, and what the agent can do to be surer. */
export function AssurancePanel({ interactionId }: { interactionId: string }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const [way, setWay] = useState<'code' | 'questions' | 'password' | null>(null);
  const now = useNow();
  const found = useQuery(assuranceQuery(interactionId));
  if (found.isError && found.data === undefined) {
    return <ErrorPanel what={t('assure.title')} error={found.error} retry={() => void found.refetch()} />;
  }
  if (found.data === undefined) return null;
  const { level, lines, questions, proofs, rounds_left, password_form: asked } = found.data;
  const form = asked !== null && Date.parse(asked.expires_at) > now ? asked : null;
  const forPassword = form === null && found.data.password_lines.length + found.data.new_password_lines.length > 0;
  const close = () => setWay(null);
  const failed = proofs.some(({ proof, passed }) => proof === 'answers' && !passed);
  return (
    <section className={styles.block}>
      <h3>{t('assure.title')}</h3>
      <div className={styles.now}>
        <Label tone={proofs.some(({ passed }) => passed) ? 'ok' : 'plain'}>{t(`assurance.${level}`)}</Label>
        {way === null && lines.length > 0 && (
          <Button size="small" icon={<KeyRound size={12} aria-hidden />} onClick={() => setWay('code')}>
            {t('assure.code')}
          </Button>
        )}
        {way === null && questions.length > 0 && (
          <Button size="small" icon={<ListChecks size={12} aria-hidden />} onClick={() => setWay('questions')}>
            {t('assure.questions')}
          </Button>
        )}
        {way === null && forPassword && (
          <Button size="small" icon={<LockKeyhole size={12} aria-hidden />} onClick={() => setWay('password')}>
            {t('assure.password')}
          </Button>
        )}
      </div>
      {form !== null && <PasswordOpen interactionId={interactionId} form={form} />}
      {failed && rounds_left === 0 && <p className="cl-note cl-muted">{t('assure.no_more')}</p>}
      {way === 'code' && <SendCode interactionId={interactionId} lines={lines} onClose={close} />}
      {way === 'questions' && <AskQuestions interactionId={interactionId} questions={questions} onClose={close} />}
      {way === 'password' && <AskPassword interactionId={interactionId} found={found.data} onClose={close} />}
      {proofs.length > 0 && (
        <ul className={styles.proofs} aria-label={t('assure.tried')}>
          {proofs.map((one) => (
            <li key={one.id} className="cl-note">
              <Severity level={one.passed ? 'ok' : 'warn'}>{t(one.passed ? `proof.${one.proof}.passed` : `proof.${one.proof}.failed`)}</Severity>
              <span className="cl-muted">
                <time dateTime={one.at}>{formatMoment(one.at, t.language, zone, serverNow())}</time> {one.asked_by}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
