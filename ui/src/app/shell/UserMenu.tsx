import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Popover } from 'antd';
import { LogOut, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { Initial, SmallFigure } from '@/design/atoms';
import { Preferences } from '@/design/Preferences';
import { useErrorSentence } from '@/design/useErrorSentence';
import { forgetSession, signOut } from '@/features/identity/api/session';
import { inboxQuery } from '@/features/routing/api/inbox';
import type { InboxShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { unsentOf } from '@/shared/storage/drafts';
import { messages } from '../messages';
import styles from './Shell.module.css';

/** Who I am; language, theme and the way out. */
export function UserMenu() {
  const t = useMessages(messages);
  const { user, tenant, agent } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const { message, modal } = App.useApp();
  const sentence = useErrorSentence();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      forgetSession(queries);
    },
    onError: (error) => void message.error(sentence(error)),
  });
  const ask = () => {
    const { length } = queries.getQueryData<InboxShown>(inboxQuery.queryKey)?.mine ?? [];
    const unsent = unsentOf(user.id);
    if (length === 0 && unsent === 0) {
      leave.mutate();
      return;
    }
    modal.confirm({
      title: length > 0 ? t('user.in_hand', { count: length }) : t('user.unsent', { count: unsent }),
      content: (
        <>
          {length > 0 && <p>{t('user.in_hand_what')}</p>}
          {length > 0 && unsent > 0 && <p>{t('user.unsent', { count: unsent })}</p>}
          {unsent > 0 && <p>{t('user.unsent_what')}</p>}
        </>
      ),
      okText: t('user.sign_out'),
      cancelText: t('user.stay'),
      onOk: () => leave.mutateAsync().catch(() => undefined),
    });
  };
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottomRight"
      content={
        <div className={styles.menu}>
          <SmallFigure label={tenant.name} value={user.display_name} />
          <Preferences />
          <Link to="/account" className="cl-row" style={{ gap: 8 }} onClick={() => setOpen(false)}>
            <ShieldCheck size={16} aria-hidden />
            {t('user.account')}
          </Link>
          <Button icon={<LogOut size={16} aria-hidden />} loading={leave.isPending} onClick={ask}>
            {t('user.sign_out')}
          </Button>
        </div>
      }
    >
      <button type="button" className={styles.user}>
        <Initial name={user.display_name} />
        <span className={styles.name}>
          <b title={user.display_name}>{user.display_name}</b>
          <small>{agent?.number ?? user.login}</small>
        </span>
        <span className="cl-hidden">{t('user.menu')}</span>
      </button>
    </Popover>
  );
}
