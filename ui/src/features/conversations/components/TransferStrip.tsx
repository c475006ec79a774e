import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { ArrowRightLeft } from 'lucide-react';
import { Since } from '@/design/Duration';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Transfer } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { interactionQuery } from '../api/interactions';
import { takeBack } from '../api/transfer';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Transfer.module.css';

const messages = catalogue(zh, en);

/** For who passed a contact on: where it is and, if it `returns`, the way back while nobody has it. */
export function PassedOnStrip({ transfer, interactionId, returns }: { transfer: Transfer; interactionId: string; returns: boolean }) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const back = useMutation({
    mutationFn: () => takeBack(interactionId),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['inbox'] });
      void queries.invalidateQueries({ queryKey: interactionQuery(interactionId).queryKey });
    },
  });
  const to = transfer.to_agent_name ?? t('transfer.queue', { queue: transfer.to_queue_name ?? '' });
  const waiting = transfer.outcome === null;
  return (
    <div className={styles.strip} role="status" data-waiting={waiting}>
      <ArrowRightLeft size={16} aria-hidden />
      <span className="cl-grow">
        {transfer.taken_over && (waiting || transfer.outcome === 'answered')
          ? t(waiting ? 'transfer.taking_over' : 'transfer.taken_over', { to })
          : transfer.outcome === 'answered' && transfer.taken_by_name === to
          ? t('transfer.outcome.answered_by_them', { to })
          : t(`transfer.outcome.${transfer.outcome ?? 'waiting'}`, { to, by: transfer.taken_by_name ?? '' })}
        {waiting && (
          <>
            {' '}
            <Since moment={transfer.begun_at} />
          </>
        )}
      </span>
      {waiting && returns && (
        <Button size="small" loading={back.isPending} onClick={() => back.mutate()}>
          {t('transfer.take_back')}
        </Button>
      )}
    </div>
  );
}

/** For who took it: from whom it came, and what they need to know. */
export function CameFromStrip({ transfers }: { transfers: readonly Transfer[] }) {
  const t = useMessages(messages);
  const last = transfers.findLast(({ outcome }) => outcome === 'answered');
  if (last === undefined) return null;
  return (
    <div className={styles.strip}>
      <ArrowRightLeft size={16} aria-hidden />
      <span className="cl-grow">
        <b>{t(last.taken_over ? 'transfer.taken_over_from' : 'transfer.came_from', { name: last.from_name ?? '' })}</b>
        {last.note !== '' && <span className={styles.words}>{last.note}</span>}
      </span>
    </div>
  );
}
