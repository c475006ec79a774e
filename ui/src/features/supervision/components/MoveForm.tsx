import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Select } from 'antd';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Media, MoveWanted, WaitingShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { MOVE_REASONS, moveContact } from '../api/waiting';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Supervision.module.css';

const messages = catalogue(zh, en);

export interface QueueChoice {
  id: string;
  name: string;
  media: readonly Media[];
}

interface Props {
  item: WaitingShown;
  queue: QueueChoice;
  queues: readonly QueueChoice[];
  onMoved: () => void;
}

/** Where a waiting contact shall wait, and why. */
export function MoveForm({ item, queue, queues, onMoved }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [to, setTo] = useState(queue.id);
  const [reason, setReason] = useState<MoveWanted['reason']>('waited_long');
  const elsewhere = to !== queue.id;
  const move = useMutation({
    mutationFn: (front: boolean) => moveContact(item.interaction_id, { queue_id: elsewhere ? to : null, front, reason }),
    onSuccess: onMoved,
  });
  return (
    <div className={styles.move} role="group" aria-label={t('waiting.move')}>
      {move.isError && <Alert type="error" showIcon title={sentence(move.error)} />}
      <Select
        aria-label={t('move.to')}
        value={to}
        onChange={setTo}
        showSearch={{ optionFilterProp: 'label' }}
        options={queues
          .filter(({ media }) => media.includes(item.media))
          .map(({ id, name }) => ({ value: id, label: id === queue.id ? t('move.stay', { queue: name }) : name }))}
      />
      <Select
        aria-label={t('move.reason')}
        value={reason}
        onChange={setReason}
        options={MOVE_REASONS.map((value) => ({ value, label: t(`move.reason.${value}`) }))}
      />
      <span className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
        {elsewhere && (
          <Button size="small" loading={move.isPending} onClick={() => move.mutate(false)}>
            {t('move.there')}
          </Button>
        )}
        <Button size="small" type="primary" loading={move.isPending} onClick={() => move.mutate(true)}>
          {elsewhere ? t('move.there_front') : t('move.front')}
        </Button>
      </span>
    </div>
  );
}
