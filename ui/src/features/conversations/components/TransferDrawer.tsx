import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Input, Radio } from 'antd';
import { Search } from 'lucide-react';
import { useDeferredValue, useId, useRef, useState } from 'react';
import { Key } from '@/design/atoms';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Media, TransferTargets } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { ariaKeys, shownKeys } from '@/shared/keyboard/chord';
import { chordOf } from '@/shared/keyboard/shortcuts';
import { useShortcut } from '@/shared/keyboard/useShortcut';
import { useTextDraft } from '@/shared/storage/useTextDraft';
import { interactionQuery } from '../api/interactions';
import { passOn, targetsQuery } from '../api/transfer';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Transfer.module.css';
import { AgentTargetLine, QueueTargetLine } from './TransferTarget';

const messages = catalogue(zh, en);
const MAX_NOTE = 2000;
const TITLES = { voice: 'transfer.title_call', chat: 'transfer.title', message: 'transfer.title_message' } as const;

interface Props {
  interactionId: string;
  media: Media;
  open: boolean;
  onClose: () => void;
}

/** Who should go on with this customer: a queue or a colleague, and what they need to know. */
export function TransferDrawer({ interactionId, media, open, onClose }: Props) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useTextDraft(`transfer.${interactionId}`);
  const noteId = useId();
  const targets = useQuery({ ...targetsQuery(interactionId, useDeferredValue(search.trim())), enabled: open });

  const pass = useMutation({
    mutationKey: ['transfer', interactionId],
    mutationFn: (target: string) => passOn(interactionId, { ...wanted(target), note: note.trim() }),
    onSuccess: () => {
      setNote('');
      onClose();
      void queries.invalidateQueries({ queryKey: ['inbox'] });
      void queries.invalidateQueries({ queryKey: interactionQuery(interactionId).queryKey });
    },
  });
  const go = () => {
    if (chosen !== null && queries.isMutating({ mutationKey: ['transfer', interactionId] }) === 0) pass.mutate(chosen);
  };
  const place = useRef<HTMLDivElement>(null);
  useShortcut('pass_on', go, { absent: !open, ready: chosen !== null, within: place });

  return (
    <Drawer
      title={t(TITLES[media])}
      open={open}
      onClose={onClose}
      size={440}
      destroyOnHidden
      footer={
        <div className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('transfer.cancel')}</Button>
          <Button type="primary" loading={pass.isPending} disabled={chosen === null} onClick={go} aria-keyshortcuts={ariaKeys(chordOf('pass_on'))}>
            {t('transfer.submit')} <Key>{shownKeys(chordOf('pass_on'))}</Key>
          </Button>
        </div>
      }
    >
      <div ref={place} className={styles.drawer}>
        <Input
          autoFocus
          allowClear
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          prefix={<Search size={16} aria-hidden />}
          placeholder={t('transfer.search')}
          aria-label={t('transfer.search')}
        />
        <div className={styles.targets}>
          {targets.data !== undefined ? (
            <Targets targets={targets.data} media={media} chosen={chosen} onChoose={setChosen} />
          ) : targets.isError ? (
            <ErrorPanel what={t('transfer.targets')} error={targets.error} retry={() => void targets.refetch()} />
          ) : (
            <Loading what={t('transfer.targets')} rows={6} />
          )}
        </div>
        <label htmlFor={noteId}>{t('transfer.note')}</label>
        <Input.TextArea
          id={noteId}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          autoSize={{ minRows: 3, maxRows: 6 }}
          maxLength={MAX_NOTE}
          placeholder={t('transfer.note_hint')}
        />
        {pass.isError && <Alert type="error" showIcon title={t('transfer.failed', { why: sentence(pass.error) })} />}
      </div>
    </Drawer>
  );
}

function Targets({ targets, media, chosen, onChoose }: { targets: TransferTargets; media: Media; chosen: string | null; onChoose: (target: string) => void }) {
  const t = useMessages(messages);
  if (targets.queues.length === 0 && targets.agents.length === 0) return <EmptyPanel>{t('transfer.nobody')}</EmptyPanel>;
  return (
    <Radio.Group className={styles.group} value={chosen} onChange={(event) => onChoose(String(event.target.value))} aria-label={t('transfer.targets')}>
      {targets.queues.length > 0 && <h3>{t('transfer.queues')}</h3>}
      {targets.queues.map((queue) => (
        <Radio key={queue.code} value={`queue ${queue.code}`} disabled={queue.signed_in === 0} className={styles.target}>
          <QueueTargetLine queue={queue} left={media === 'message'} />
        </Radio>
      ))}
      {targets.agents.length > 0 && <h3>{t('transfer.agents')}</h3>}
      {targets.agents.map((agent) => (
        <Radio
          key={agent.id}
          value={`agent ${agent.id}`}
          disabled={agent.withheld === 'not_ready' || agent.withheld === 'set_aside'}
          className={styles.target}
        >
          <AgentTargetLine agent={agent} media={media} />
        </Radio>
      ))}
      {targets.more > 0 && <p className="cl-note cl-muted">{t('transfer.more', { n: targets.more })}</p>}
    </Radio.Group>
  );
}

function wanted(target: string): { queue: string } | { agent_id: string } {
  const [kind, ...name] = target.split(' ');
  return kind === 'queue' ? { queue: name.join(' ') } : { agent_id: name.join(' ') };
}
