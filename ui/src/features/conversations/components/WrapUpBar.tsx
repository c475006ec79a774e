import { Button } from 'antd';
import { Pause } from 'lucide-react';
import { Dot, Key } from '@/design/atoms';
import { Clock } from '@/design/Clock';
import { Since } from '@/design/Duration';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { ariaKeys, shownKeys } from '@/shared/keyboard/chord';
import { chordOf } from '@/shared/keyboard/shortcuts';
import { formatDuration } from '@/shared/time/format';
import type { WrapUpForm } from '../hooks/useWrapUp';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './WrapUp.module.css';

const messages = catalogue(zh, en);

/** Stands where the call bar and the composer stood: how long the form may take, and the end of it. */
export function WrapUpBar({ form, startedAt, deadline, left }: { form: WrapUpForm; startedAt: string; deadline: string | null; left: number | null }) {
  const t = useMessages(messages);
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('wrap_up.title')}>
      {left !== null ? (
        <span className="cl-secondary">
          {t('wrap_up.time')} <span className="cl-nowrap">{formatDuration(left)}</span> <Dot /> <Pause size={12} aria-hidden /> {t('wrap_up.paused')}
        </span>
      ) : deadline === null ? (
        <span className="cl-secondary">
          {t('wrap_up.since')} <Since moment={startedAt} />
        </span>
      ) : (
        <Clock startedAt={startedAt} deadline={deadline} label={t('wrap_up.time')} />
      )}
      <span className="cl-grow" />
      {form.disposition === null && <span className={`cl-note cl-muted ${styles.hint}`}>{t('wrap_up.choose_first')}</span>}
      <Button type="primary" size="large" loading={form.finishing} disabled={form.disposition === null} onClick={form.finish} aria-keyshortcuts={ariaKeys(chordOf('finish'))}>
        {t('wrap_up.finish')} <Key>{shownKeys(chordOf('finish'))}</Key>
      </Button>
    </div>
  );
}
