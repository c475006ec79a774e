import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button, Drawer, Input } from 'antd';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { AgentStateMark } from '@/design/AgentState';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Colleague } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { colleaguesQuery, invite, MOST_COLLEAGUES, participantsQuery } from '../api/colleagues';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Transfer.module.css';

const messages = catalogue(zh, en);
type Role = 'consultant' | 'colleague';

/** Whom to ask in: to advise unseen, or to serve the customer together. */
export function InviteDrawer({ conversationId, open, onClose }: { conversationId: string; open: boolean; onClose: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [search, setSearch] = useState('');
  const colleagues = useQuery({ ...colleaguesQuery(useDeferredValue(search.trim())), enabled: open });
  const there = useQuery({ ...participantsQuery(conversationId), enabled: open });
  const ask = useMutation({
    mutationFn: (body: { user_id: string; role: Role }) => invite(conversationId, body),
    onSuccess: onClose,
  });
  const roles = new Map(there.data?.map(({ user_id, role }) => [user_id, role]));
  return (
    <Drawer title={t('invite.title')} open={open} onClose={onClose} size={440} destroyOnHidden>
      <p className="cl-secondary">{t('invite.what')}</p>
      <Input
        autoFocus
        allowClear
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        prefix={<Search size={16} aria-hidden />}
        placeholder={t('invite.search')}
        aria-label={t('invite.search')}
        style={{ marginBlock: 12 }}
      />
      {ask.isError && <Alert type="error" showIcon title={t('invite.failed', { why: sentence(ask.error) })} style={{ marginBottom: 12 }} />}
      {colleagues.data === undefined &&
        (colleagues.isError ? (
          <ErrorPanel what={t('invite.title')} error={colleagues.error} retry={() => void colleagues.refetch()} />
        ) : (
          <Loading what={t('invite.title')} rows={6} />
        ))}
      {colleagues.data?.length === 0 && <EmptyPanel>{t('invite.nobody')}</EmptyPanel>}
      <ul className={styles.people}>
        {colleagues.data?.map((one) => (
          <Person key={one.id} one={one} role={roles.get(one.id)} busy={ask.isPending} onAsk={(role) => ask.mutate({ user_id: one.id, role })} />
        ))}
      </ul>
      {(colleagues.data?.length ?? 0) >= MOST_COLLEAGUES && <p className="cl-note cl-muted">{t('invite.more')}</p>}
    </Drawer>
  );
}

function Person({ one, role, busy, onAsk }: { one: Colleague; role: string | undefined; busy: boolean; onAsk: (role: Role) => void }) {
  const t = useMessages(messages);
  return (
    <li className={styles.person}>
      <div className="cl-grow">
        <b>{one.name}</b> <span className="cl-note cl-muted">{one.number}</span>
        <div className="cl-note">
          <AgentStateMark state={one.state} />
        </div>
      </div>
      <Button size="small" disabled={busy || role === 'consultant'} onClick={() => onAsk('consultant')}>
        {t('invite.consult')}
      </Button>
      <Button size="small" disabled={busy || role === 'colleague'} onClick={() => onAsk('colleague')}>
        {t('invite.join')}
      </Button>
    </li>
  );
}
