import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Input, Select } from 'antd';
import { useId, useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { ReachableLine } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatTime } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { sendCode, tryCode } from '../api/assurance';
import { useTry } from '../hooks/useAssurance';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './AssurancePanel.module.css';

const messages = catalogue(zh, en);
const CODE_MAX = 12;

/** A code to a line of the customer, who reads it out. */
export function SendCode({ interactionId, lines, onClose }: { interactionId: string; lines: readonly ReachableLine[]; onClose: () => void }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const sentence = useErrorSentence();
  const [lineId, setLineId] = useState(lines[0]?.id ?? '');
  const [code, setCode] = useState('');
  const [lineLabel, codeLabel] = [useId(), useId()];
  const attempt = useTry(interactionId, (said: string) => tryCode(interactionId, said), onClose);
  const send = useMutation({
    mutationFn: () => sendCode(interactionId, lineId),
    onSuccess: () => {
      setCode('');
      attempt.reset();
    },
  });
  const check = () => {
    if (code.trim() !== '' && !attempt.isPending) attempt.mutate(code.trim());
  };
  const wrong = attempt.data?.passed === false ? attempt.data.tries_left : null;
  return (
    <div className={styles.form}>
      <label htmlFor={lineLabel}>{t('assure.line')}</label>
      <div className={styles.row}>
        <Select
          id={lineLabel}
          size="small"
          value={lineId}
          onChange={setLineId}
          options={lines.map((line) => ({ value: line.id, label: line.msisdn_masked }))}
          style={{ inlineSize: 140 }}
        />
        <Button size="small" type={send.isSuccess ? 'default' : 'primary'} loading={send.isPending} onClick={() => send.mutate()}>
          {t(send.isSuccess ? 'assure.send_again' : 'assure.send')}
        </Button>
        <Button size="small" onClick={onClose}>
          {t('assure.close')}
        </Button>
      </div>
      {send.isError && <Alert type="error" showIcon title={sentence(send.error)} />}
      {send.isSuccess && (
        <>
          <p className="cl-note cl-secondary" role="status">
            {t(send.data.delivered ? 'assure.sent' : 'assure.sent_accepted', { number: send.data.msisdn_masked, time: formatTime(send.data.expires_at, t.language, zone) })}
          </p>
          <label htmlFor={codeLabel}>{t('assure.read_out')}</label>
          <div className={styles.row}>
            <Input
              id={codeLabel}
              size="small"
              value={code}
              maxLength={CODE_MAX}
              inputMode="numeric"
              autoComplete="off"
              onChange={(event) => setCode(event.target.value)}
              onPressEnter={check}
              style={{ inlineSize: 140 }}
              autoFocus
            />
            <Button size="small" type="primary" disabled={code.trim() === ''} loading={attempt.isPending} onClick={check}>
              {t('assure.check')}
            </Button>
          </div>
        </>
      )}
      {attempt.isError && <Alert type="error" showIcon title={sentence(attempt.error)} />}
      {wrong !== null && <Alert type="warning" showIcon title={t(wrong === 0 ? 'assure.wrong_last' : 'assure.wrong', { n: wrong })} />}
    </div>
  );
}
