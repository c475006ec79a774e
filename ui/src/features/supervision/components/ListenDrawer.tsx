import { useMutation } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Segmented } from 'antd';
import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Presence, WatchedShown } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { come, leave, PRESENCES, takeOver } from '../api/presence';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Supervision.module.css';

const messages = catalogue(zh, en);

/** Who takes a chat over passes it on to their own desk, which must be ready. */
const isOwnDeskAway = (error: Error) => error instanceof Problem && error.code === 'transfer-agent-away';

interface Props {
  /** The chat that is watched; null when none is. */
  interactionId: string | null;
  title: string;
  /** Whoever is no agent has no desk that could take a chat over. */
  mayTakeOver: boolean;
  onClose: () => void;
  /** The conversation, as far as somebody in this way is in it. */
  chat: (watched: WatchedShown) => ReactNode;
}

/** In somebody's chat: reading along, whispering, joined; each way says who can see it. */
export function ListenDrawer({ interactionId, title, mayTakeOver, onClose, chat }: Props) {
  const t = useMessages(messages);
  return (
    <Drawer title={t('listen.title', { name: title })} open={interactionId !== null} onClose={onClose} size={560} mask={false} destroyOnHidden classNames={{ body: styles.listen ?? '' }}>
      {interactionId !== null && <Listening key={interactionId} interactionId={interactionId} mayTakeOver={mayTakeOver} onClose={onClose} chat={chat} />}
    </Drawer>
  );
}

function Listening({ interactionId, mayTakeOver, onClose, chat }: Omit<Props, 'title' | 'interactionId'> & { interactionId: string }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const { message } = App.useApp();
  const [watched, setWatched] = useState<WatchedShown | null>(null);
  const be = useMutation({ mutationFn: (presence: Presence) => come(interactionId, presence), onSuccess: setWatched });
  const take = useMutation({
    mutationFn: () => takeOver(interactionId),
    onSuccess: () => {
      void message.success(t('listen.taken'));
      onClose();
    },
  });
  const begin = useEffectEvent(() => be.mutateAsync('listening'));
  useEffect(() => {
    const come = begin().catch(() => undefined);
    // Whoever closes the drawer or the page is there no more; when the chat is over, so is being there.
    const go = () => void leave(interactionId).catch(() => undefined);
    window.addEventListener('pagehide', go);
    return () => {
      window.removeEventListener('pagehide', go);
      // Not before the server knows that we came: overtaken by our leaving, it would think us there for good.
      void come.then(go);
    };
  }, [interactionId]);

  if (watched === null) {
    return be.isError ? <ErrorPanel what={t('listen.what')} error={be.error} retry={() => be.mutate('listening')} /> : <Loading what={t('listen.what')} rows={6} />;
  }
  // What was tried last is what is told: another try forgets how the one before ended.
  const beIn = (presence: Presence) => {
    take.reset();
    be.mutate(presence);
  };
  const failed = take.error ?? be.error;
  return (
    <>
      <div className={styles.ways}>
        <Segmented<Presence>
          block
          aria-label={t('listen.way')}
          disabled={be.isPending}
          value={watched.presence}
          onChange={beIn}
          options={PRESENCES.map((value) => ({ value, label: t(`listen.${value}`) }))}
        />
        <span className="cl-note cl-muted">{t(`listen.${watched.presence}_what`)}</span>
        <span className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
          {mayTakeOver && (
            <Button
              size="small"
              loading={take.isPending}
              onClick={() => {
                be.reset();
                take.mutate();
              }}
            >
              {t('listen.take_over')}
            </Button>
          )}
          <Button size="small" onClick={onClose}>
            {t('listen.stop')}
          </Button>
        </span>
        {failed !== null && (
          <Alert
            type="error"
            showIcon
            title={isOwnDeskAway(failed) ? t('listen.own_desk_away') : sentence(failed)}
            closable={{ 'aria-label': t('strip.read'), onClose: () => [take, be].forEach((one) => one.reset()) }}
          />
        )}
      </div>
      {chat(watched)}
    </>
  );
}
