import { CircleDot, ShieldCheck, ShieldQuestion } from 'lucide-react';
import { Dot, Initial, Label } from '@/design/atoms';
import { stateColor } from '@/design/AgentState';
import { Since } from '@/design/Duration';
import type { Interaction } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './ContactHeader.module.css';
import { JourneyBar } from './JourneyBar';

const messages = catalogue(zh, en);
const VERIFIED = ['agent_checked', 'one_time_code', 'service_password', 'real_name'];

interface Props {
  interaction: Interaction;
  /** Since when the contact is in the state that the timer counts. */
  since: string;
  live: boolean;
}

/** Who it is and how sure we are, how they came to me, for how long. */
export function ContactHeader({ interaction, since, live }: Props) {
  const t = useMessages(messages);
  const { customer, assurance, queue, channel } = interaction;
  const number = customer?.number_masked ?? interaction.number_masked;
  const name = customer?.name_masked ?? number ?? t('contact.unknown');
  const verified = VERIFIED.includes(assurance);
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <Initial name={name} size={40} />
        <div className="cl-grow">
          <div className={`cl-row ${styles.name}`}>
            <h2 className="cl-panel-title cl-ellipsis">{name}</h2>
            <Label tone={verified ? 'ok' : 'plain'}>
              {verified ? <ShieldCheck size={12} aria-hidden /> : <ShieldQuestion size={12} aria-hidden />}
              {t(`assurance.${assurance}`)}
            </Label>
          </div>
          <div className="cl-note cl-muted cl-ellipsis">
            {number !== null && name !== number && <>{number} </>}
            {t(`channel.${channel}`)}
            {queue !== null && (
              <>
                <Dot />
                {t('contact.queue', { queue: queue.name })}
              </>
            )}
          </div>
        </div>
        <div className={styles.timer}>
          <div className={styles.time} style={{ color: live ? stateColor('engaged') : stateColor('after_contact_work') }}>
            <Since moment={since} />
          </div>
          {interaction.recording?.state === 'recording' && (
            <div className="cl-note cl-muted cl-nowrap">
              <CircleDot size={12} className="cl-bad" aria-hidden /> {t('contact.recording')}
            </div>
          )}
        </div>
      </div>
      <JourneyBar segments={interaction.segments} />
    </header>
  );
}
