import { App, Button } from 'antd';
import { useState } from 'react';
import { Dot, Key, MediaIcon } from '@/design/atoms';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Offer } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { ariaKeys, shownKeys } from '@/shared/keyboard/chord';
import { chordOf } from '@/shared/keyboard/shortcuts';
import { formatDuration } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { whySentence } from '../model/why';
import { Countdown } from './Countdown';
import styles from './OfferCard.module.css';

const messages = catalogue(zh, en);

interface Props {
  offer: Offer;
  /** Whether the keys of an offer are meant for this one: it came first. */
  keys?: boolean;
  /** Why it cannot be accepted right now (the phone does not ring yet), or null. */
  blocked: string | null;
  onAccept: () => Promise<void>;
  onDecline: () => Promise<void>;
}

/** An offer: what it is, why it came to me, how long I have. It takes no focus; it is announced. */
export function OfferCard({ offer, keys = true, blocked, onAccept, onDecline }: Props) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const [busy, setBusy] = useState<'accept' | 'decline' | null>(null);
  const now = useNow();
  const left = Math.max(0, Math.floor((Date.parse(offer.deadline) - now) / 1000));
  const why = whySentence(offer.why, t);
  const who = [offer.customer.name_masked, offer.customer.number_masked].filter(Boolean).join(' ') || t('offer.unknown');
  const kind = t(`media.${offer.media}`);

  const act = async (what: 'accept' | 'decline', run: () => Promise<void>) => {
    setBusy(what);
    try {
      await run();
    } catch (error) {
      void message.error(sentence(error));
    } finally {
      setBusy(null);
    }
  };

  return (
    <section className={styles.offer} aria-label={t('offer.title')}>
      <p className="cl-hidden" aria-live="assertive">
        {t('offer.announce', { kind, queue: offer.queue.name, who, seconds: offer.ring_s })}
      </p>
      <div className="cl-row" style={{ gap: 10 }}>
        <span className={styles.media}>
          <MediaIcon media={offer.media} />
        </span>
        <div className="cl-grow">
          <div className="cl-strong cl-ellipsis">
            {kind}
            <Dot />
            {offer.queue.name}
          </div>
          <div className="cl-note cl-muted">
            <span className="cl-nowrap">{who}</span>
            <Dot />
            <span className="cl-nowrap">{t('offer.waited', { time: formatDuration(offer.waited_s) })}</span>
          </div>
        </div>
        <Countdown left={left} whole={offer.ring_s} />
      </div>
      {offer.transfer !== null && (
        <div className={styles.why}>
          <b>{t(offer.transfer.taken_over ? 'offer.taken_over' : 'offer.transfer', { name: offer.transfer.from_name ?? t('offer.colleague') })}</b>
          {offer.transfer.note !== '' && <div className={styles.note}>{offer.transfer.note}</div>}
        </div>
      )}
      {why !== '' && (
        <div className={styles.why}>
          <b>{t('why.title')}</b>
          <br />
          {why}
        </div>
      )}
      <div className="cl-row" style={{ gap: 8, marginTop: 10 }}>
        <Button
          type="primary"
          className="cl-grow"
          loading={busy === 'accept'}
          disabled={blocked !== null || left === 0}
          onClick={() => void act('accept', onAccept)}
          aria-keyshortcuts={keys ? ariaKeys(chordOf('accept')) : undefined}
        >
          {blocked ?? t('offer.accept')} {keys && <Key>{shownKeys(chordOf('accept'))}</Key>}
        </Button>
        <Button loading={busy === 'decline'} onClick={() => void act('decline', onDecline)} aria-keyshortcuts={keys ? ariaKeys(chordOf('decline')) : undefined}>
          {t('offer.decline')}
        </Button>
      </div>
    </section>
  );
}
