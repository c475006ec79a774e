import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Label } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import type { FactorShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { factorQuery } from '../api/account';
import { messages } from '../messages';
import styles from './Account.module.css';
import { EnrolFactor } from './EnrolFactor';
import { RecoveryCodes } from './RecoveryCodes';
import { RenewCodes, TurnOff } from './ProveFactor';

type Step = 'rest' | 'enrol' | 'renew' | 'off';

/** The second factor: what it is now, and the way to another state. */
export function FactorCard({ onDone }: { onDone: () => void }) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const factor = useQuery(factorQuery);
  const [step, setStep] = useState<Step>('rest');
  /** Shown until their owner says that they are kept; nothing else remembers them. */
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const rest = () => setStep('rest');
  const show = (made: readonly string[]) => {
    setCodes(made);
    rest();
    void queries.invalidateQueries(factorQuery);
  };
  return (
    <section className={styles.card} aria-labelledby="account-factor">
      <h2 id="account-factor">{t('factor.title')}</h2>
      <p className="cl-secondary">{t('factor.what')}</p>
      {factor.isError && <ErrorPanel what={t('factor.title')} error={factor.error} retry={() => void factor.refetch()} />}
      {factor.isPending && <Loading what={t('factor.title')} rows={2} />}
      {codes !== null && (
        <RecoveryCodes
          codes={codes}
          onKept={() => {
            setCodes(null);
            onDone();
          }}
        />
      )}
      {factor.data !== undefined && codes === null && (
        <>
          {step === 'rest' && <State factor={factor.data} onStep={setStep} />}
          {step === 'enrol' && <EnrolFactor onMade={show} onCancel={rest} />}
          {step === 'renew' && <RenewCodes onMade={show} onCancel={rest} />}
          {step === 'off' && (
            <TurnOff
              onDone={() => {
                rest();
                void queries.invalidateQueries(factorQuery);
                onDone();
              }}
              onCancel={rest}
            />
          )}
        </>
      )}
    </section>
  );
}

function State({ factor, onStep }: { factor: FactorShown; onStep: (step: Step) => void }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  if (factor.since === null) {
    return (
      <Button type="primary" onClick={() => onStep('enrol')}>
        {t('factor.turn_on')}
      </Button>
    );
  }
  return (
    <>
      <p style={{ marginBottom: 12 }}>
        <Label tone="ok">{t('factor.on')}</Label>{' '}
        <span className="cl-secondary">{t('factor.since', { since: formatMoment(factor.since, t.language, zone, serverNow()) })}</span>{' '}
        <span className={factor.codes_left < 3 ? 'cl-warn' : 'cl-secondary'}>{t('factor.codes_left', { count: factor.codes_left })}</span>
      </p>
      <div className={styles.actions}>
        <Button onClick={() => onStep('renew')}>{t('factor.renew')}</Button>
        <Button onClick={() => onStep('off')}>
          {t('factor.turn_off')}
        </Button>
      </div>
    </>
  );
}
