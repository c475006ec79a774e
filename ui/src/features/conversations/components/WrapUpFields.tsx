import { Input } from 'antd';
import { useId, useRef } from 'react';
import { Severity } from '@/design/Severity';
import { useErrorSentence } from '@/design/useErrorSentence';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useShortcut } from '@/shared/keyboard/useShortcut';
import { formatTime } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { useRecentDispositions } from '../hooks/useRecentDispositions';
import type { WrapUpForm } from '../hooks/useWrapUp';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { DispositionPicker } from './DispositionPicker';
import styles from './WrapUp.module.css';

const messages = catalogue(zh, en);
const MAX_NOTE = 2000;

interface Props {
  form: WrapUpForm;
  /** After the contact the form is all there is to do, during it a draft beside the talk. */
  during: boolean;
  queueId: string | null;
}

/** How it ended and what is to be remembered. */
export function WrapUpFields({ form, during, queueId }: Props) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const sentence = useErrorSentence();
  const { recent, remember } = useRecentDispositions();
  const [dispositionId, noteId] = [useId(), useId()];

  const place = useRef<HTMLElement>(null);
  useShortcut('finish', form.finish, { absent: during, ready: form.disposition !== null, within: place });

  return (
    <section ref={place} className={styles.form} aria-label={during ? t('wrap_up.draft') : t('wrap_up.title')}>
      <header className={styles.head}>
        <h2 className="cl-accent">{during ? t('wrap_up.draft') : t('wrap_up.title')}</h2>
        <span className="cl-grow" />
        <span className="cl-note cl-muted" role="status">
          {form.saveError !== null ? (
            <Severity level="warn">{t('wrap_up.not_saved', { why: sentence(form.saveError) })}</Severity>
          ) : (
            form.savedAt !== null && t('wrap_up.saved', { time: formatTime(form.savedAt, t.language, zone) })
          )}
        </span>
      </header>
      <div className={styles.fields}>
        <label htmlFor={dispositionId}>{t('wrap_up.disposition')}</label>
        <DispositionPicker
          id={dispositionId}
          value={form.disposition}
          onChange={(code) => {
            form.setDisposition(code);
            if (code !== null) remember(code);
          }}
          queueId={queueId}
          recent={recent}
          autoFocus={!during}
        />
        <label htmlFor={noteId}>{t('wrap_up.note')}</label>
        <Input.TextArea
          id={noteId}
          value={form.note}
          onChange={(event) => form.setNote(event.target.value)}
          autoSize={{ minRows: during ? 1 : 3, maxRows: during ? 3 : 8 }}
          maxLength={MAX_NOTE}
          placeholder={t('wrap_up.note_hint')}
        />
      </div>
      {form.finishError !== null && (
        <p role="alert">
          <Severity level="bad">{t('wrap_up.not_finished', { why: sentence(form.finishError) })}</Severity>
        </p>
      )}
    </section>
  );
}
