import { useQuery } from '@tanstack/react-query';
import { App, Button, Segmented } from 'antd';
import { ArrowRightLeft, LogOut, UserPlus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Key } from '@/design/atoms';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { ParticipantRole } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { ariaKeys, shownKeys } from '@/shared/keyboard/chord';
import { chordOf } from '@/shared/keyboard/shortcuts';
import { useShortcut } from '@/shared/keyboard/useShortcut';
import { useSession } from '@/shared/session/session';
import { letGo } from '../api/colleagues';
import { interactionQuery } from '../api/interactions';
import { useFocusWish } from '../hooks/useFocusWish';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import type { Values } from '../model/quickReplies';
import { Composer } from './Composer';
import styles from './Composer.module.css';
import { InviteDrawer } from './InviteDrawer';
import { NoteComposer } from './NoteComposer';
import { TransferDrawer } from './TransferDrawer';

const messages = catalogue(zh, en);

interface Props {
  conversationId: string;
  interactionId: string;
  /** What this one is in the chat: its agent, or asked in. */
  role: ParticipantRole;
  /** It answers a message that was left. */
  left?: boolean;
  onEnd: () => void;
}

type Mode = 'reply' | 'note';

/** Who speaks to the customer; the others write for colleagues. */
const SPEAKING: ReadonlySet<ParticipantRole> = new Set(['agent', 'colleague', 'supervisor_joined']);

/** Where an agent writes: to the customer, or to colleagues; the two never look alike. */
export function ChatComposer({ conversationId, interactionId, left = false, role, onEnd }: Props) {
  const t = useMessages(messages);
  const { user, agent, tenant } = useSession();
  const contact = useQuery(interactionQuery(interactionId));
  const { customer, queue } = contact.data ?? { customer: null, queue: null };
  const values: Values = {
    surname: Array.from(customer?.name_masked ?? '')[0],
    agent: user.display_name,
    number: agent?.number,
    tenant: tenant.name,
    queue: queue?.name,
  };
  const speaks = SPEAKING.has(role);
  const [mode, setMode] = useState<Mode>('reply');
  const [drawer, setDrawer] = useState<'transfer' | 'invite' | null>(null);
  const leads = role === 'agent' && !left;
  const passes = role === 'agent';
  const shown: Mode = speaks ? mode : 'note';

  const wish = useFocusWish();
  const changeMode = () => {
    wish.make();
    setMode((now) => (now === 'note' ? 'reply' : 'note'));
  };
  useShortcut('note', changeMode, { ready: speaks });
  useShortcut('transfer', () => setDrawer('transfer'), { absent: !passes });
  useShortcut('invite', () => setDrawer('invite'), { absent: !leads });

  // A supervisor leaves where they came in: on the floor.
  const leave = role.startsWith('supervisor_') ? null : <Leave conversationId={conversationId} />;
  let actions: ReactNode = leave;
  if (passes) {
    actions = (
      <>
        <Button onClick={onEnd}>{t(left ? 'composer.done' : 'composer.end')}</Button>
        <Button icon={<ArrowRightLeft size={16} aria-hidden />} onClick={() => setDrawer('transfer')} aria-keyshortcuts={ariaKeys(chordOf('transfer'))}>
          {t('composer.transfer')} <Key>{shownKeys(chordOf('transfer'))}</Key>
        </Button>
      </>
    );
  }
  return (
    <div className={styles.composer} data-mode={shown}>
      <div className={styles.modes}>
        <Segmented<Mode>
          size="small"
          value={shown}
          onChange={setMode}
          options={[
            { value: 'reply', label: t('composer.label'), disabled: !speaks },
            { value: 'note', label: t('note.label') },
          ]}
        />
        <span className="cl-grow" />
        {leads && (
          <Button size="small" type="text" icon={<UserPlus size={16} aria-hidden />} onClick={() => setDrawer('invite')} aria-keyshortcuts={ariaKeys(chordOf('invite'))}>
            {t('invite.open')} <Key>{shownKeys(chordOf('invite'))}</Key>
          </Button>
        )}
        {!leads && !left && shown === 'note' && leave}
      </div>
      {shown === 'note' ? <NoteComposer conversationId={conversationId} /> : <Composer conversationId={conversationId} actions={actions} values={values} />}
      {passes && <TransferDrawer interactionId={interactionId} media={left ? 'message' : 'chat'} open={drawer === 'transfer'} onClose={() => setDrawer(null)} />}
      {leads && <InviteDrawer conversationId={conversationId} open={drawer === 'invite'} onClose={() => setDrawer(null)} />}
    </div>
  );
}

/** Whoever was asked in goes when they like. */
function Leave({ conversationId }: { conversationId: string }) {
  const t = useMessages(messages);
  const { user } = useSession();
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    try {
      await letGo(conversationId, user.id);
    } catch (error) {
      void message.error(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" icon={<LogOut size={16} aria-hidden />} loading={busy} onClick={() => void leave()}>
      {t('invite.leave')}
    </Button>
  );
}
