import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Popover } from 'antd';
import { LogOut } from 'lucide-react';
import { Initial, SmallFigure } from '@/design/atoms';
import { Preferences } from '@/design/Preferences';
import { useErrorSentence } from '@/design/useErrorSentence';
import { forgetSession, signOut } from '@/features/identity/api/session';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { messages } from '../messages';
import styles from './Shell.module.css';

/** Who I am; language, theme and the way out. */
export function UserMenu() {
  const t = useMessages(messages);
  const { user, tenant, agent } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      forgetSession(queries);
    },
    onError: (error) => void message.error(sentence(error)),
  });
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className={styles.menu}>
          <SmallFigure label={tenant.name} value={user.display_name} />
          <Preferences />
          <Button icon={<LogOut size={16} aria-hidden />} loading={leave.isPending} onClick={() => leave.mutate()}>
            {t('user.sign_out')}
          </Button>
        </div>
      }
    >
      <button type="button" className={styles.user}>
        <Initial name={user.display_name} />
        <span className={styles.name}>
          <b>{user.display_name}</b>
          <small>{agent?.number ?? user.login}</small>
        </span>
        <span className="cl-hidden">{t('user.menu')}</span>
      </button>
    </Popover>
  );
}
