import { useMutation } from '@tanstack/react-query';
import { Alert, Input, Modal, Radio } from 'antd';
import { useId, useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatComing } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { fromWallClock, toWallClock } from '@/shared/time/wallClock';
import { putOff } from '../api/letterbox';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './LeftMessage.module.css';

const messages = catalogue(zh, en);
const MINUTE_MS = 60_000;
const MOST_DAYS = 14;
const BECAUSE_MAX = 200;
const CHOICES = ['half_hour', 'two_hours', 'tomorrow', 'other'] as const;
type Choice = (typeof CHOICES)[number];

interface Props {
  interactionId: string;
  open: boolean;
  onClose: () => void;
  /** It is in nobody's hands any more. */
  onDone: () => void;
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** To when a message is put off, and why. */
export function PutOffDialog({ interactionId, open, onClose, onDone }: Props) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const sentence = useErrorSentence();
  const ids = { when: useId(), other: useId(), because: useId() };
  const [opened] = useState(serverNow);
  const [choice, setChoice] = useState<Choice>('half_hour');
  const tomorrow = `${toWallClock(opened + 24 * 60 * MINUTE_MS, zone).slice(0, 10)}T09:00`;
  const [other, setOther] = useState(tomorrow);
  const [because, setBecause] = useState('');
  const until = (): number => {
    if (choice === 'other') return fromWallClock(other, zone);
    if (choice === 'tomorrow') return fromWallClock(tomorrow, zone);
    return serverNow() + (choice === 'half_hour' ? 30 : 120) * MINUTE_MS;
  };
  const put = useMutation({
    mutationFn: () => putOff(interactionId, new Date(until()).toISOString(), because.trim()),
    onSuccess: onDone,
  });
  const ready = because.trim() !== '' && !Number.isNaN(until());
  return (
    <Modal
      title={t('put_off.title')}
      open={open}
      onCancel={onClose}
      onOk={() => put.mutate()}
      okText={t('put_off.yes')}
      cancelText={t('put_off.no')}
      okButtonProps={{ disabled: !ready, loading: put.isPending }}
      destroyOnHidden
    >
      <div className={styles.form}>
        <p className="cl-secondary">{t('put_off.what')}</p>
        <span id={ids.when}>{t('put_off.when')}</span>
        <Radio.Group aria-labelledby={ids.when} className={styles.choices} value={choice} onChange={(event) => setChoice(event.target.value as Choice)}>
          {CHOICES.map((one) => (
            <Radio key={one} value={one}>
              {one === 'tomorrow' ? capital(formatComing(fromWallClock(tomorrow, zone), t.language, zone, opened)) : t(`put_off.${one}`)}
            </Radio>
          ))}
        </Radio.Group>
        {choice === 'other' && (
          <Input
            id={ids.other}
            type="datetime-local"
            aria-label={t('put_off.other')}
            value={other}
            min={toWallClock(opened + MINUTE_MS, zone)}
            max={toWallClock(opened + MOST_DAYS * 24 * 60 * MINUTE_MS, zone)}
            onChange={(event) => setOther(event.target.value)}
          />
        )}
        <label htmlFor={ids.because}>{t('put_off.because')}</label>
        <Input.TextArea
          id={ids.because}
          value={because}
          onChange={(event) => setBecause(event.target.value)}
          maxLength={BECAUSE_MAX}
          autoSize={{ minRows: 2, maxRows: 4 }}
          placeholder={t('put_off.because_hint')}
        />
        {put.isError && <Alert type="error" showIcon title={sentence(put.error)} />}
      </div>
    </Modal>
  );
}
