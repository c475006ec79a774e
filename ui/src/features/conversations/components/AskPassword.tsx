import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Select } from 'antd';
import { useId, useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { AssuranceShown, PasswordFormShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { formatTime } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { askNewPassword, askPassword, assuranceQuery, withdrawPassword } from '../api/assurance';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './AssurancePanel.module.css';

const messages = catalogue(zh, en);

/** Whatever is done, what can be tried is read again. */
function useAsking<Done, Said = void>(interactionId: string, ask: (said: Said) => Promise<Done>, onDone?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ask,
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: assuranceQuery(interactionId).queryKey }),
  });
}

interface Props {
  interactionId: string;
  found: AssuranceShown;
  onClose: () => void;
}

/** Has the customer type the service password of a line, or choose one, into a form of their own. */
export function AskPassword({ interactionId, found, onClose }: Props) {
  const t = useMessages(messages);
  const may = useMay();
  const sentence = useErrorSentence();
  const label = useId();
  const { password_lines: kept, new_password_lines: choosable } = found;
  const lines = [...kept, ...choosable.filter(({ id }) => !kept.some((line) => line.id === id))];
  const [lineId, setLineId] = useState(lines[0]?.id ?? '');
  const enter = useAsking(interactionId, () => askPassword(interactionId, lineId), onClose);
  const choose = useAsking(interactionId, () => askNewPassword(interactionId, lineId), onClose);
  const error = enter.error ?? choose.error;
  return (
    <div className={styles.form}>
      <p className="cl-note cl-secondary">{t('assure.password_why')}</p>
      {kept.length === 0 && <p className="cl-note cl-secondary">{t('assure.password_none')}</p>}
      {lines.length > 0 && <label htmlFor={label}>{t('assure.password_line')}</label>}
      <div className={styles.row}>
        {lines.length > 0 && (
          <Select
            id={label}
            size="small"
            value={lineId}
            onChange={setLineId}
            options={lines.map((line) => ({ value: line.id, label: line.msisdn_masked }))}
            style={{ inlineSize: 140 }}
          />
        )}
        {kept.some(({ id }) => id === lineId) && (
          <Button size="small" type="primary" loading={enter.isPending} onClick={() => enter.mutate()}>
            {t('assure.password_ask')}
          </Button>
        )}
        {choosable.some(({ id }) => id === lineId) && (
          <Button size="small" loading={choose.isPending} onClick={() => choose.mutate()}>
            {t('assure.password_new')}
          </Button>
        )}
        <Button size="small" onClick={onClose}>
          {t('assure.close')}
        </Button>
      </div>
      {may('customer:password') && choosable.length === 0 && <p className="cl-note cl-muted">{t('assure.password_reset_why')}</p>}
      {error !== null && <Alert type="error" showIcon title={sentence(error)} />}
    </div>
  );
}

/** A form that the customer has before them now. */
export function PasswordOpen({ interactionId, form }: { interactionId: string; form: PasswordFormShown }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const sentence = useErrorSentence();
  const withdraw = useAsking(interactionId, () => withdrawPassword(interactionId, form.id));
  const told = { number: form.msisdn_masked, time: formatTime(form.expires_at, t.language, zone), n: form.tries_left };
  return (
    <div className={styles.form} role="status">
      <p className="cl-note cl-secondary">{t(form.purpose === 'choose' ? 'assure.password_open_new' : 'assure.password_open', told)}</p>
      <div className={styles.row}>
        <Button size="small" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t('assure.password_withdraw')}
        </Button>
      </div>
      {withdraw.isError && <Alert type="error" showIcon title={sentence(withdraw.error)} />}
    </div>
  );
}
