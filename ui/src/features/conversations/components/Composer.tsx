import { App, Button, Input, Tooltip } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { Send, Zap } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactNode, type SyntheticEvent } from 'react';
import { AttachButton } from '@/design/AttachButton';
import { EmojiButton, withInserted } from '@/design/EmojiButton';
import { VoiceButton } from '@/design/VoiceButton';
import { Key } from '@/design/atoms';
import type { QuickReply } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { pastedFiles } from '@/shared/clipboard/pasted';
import { ariaKeys, shownKeys } from '@/shared/keyboard/chord';
import { chordOf } from '@/shared/keyboard/shortcuts';
import { useShortcut } from '@/shared/keyboard/useShortcut';
import { useTextDraft } from '@/shared/storage/useTextDraft';
import { MAX_TEXT, sayTyping } from '../api/messages';
import { useTakesFocus } from '../hooks/useFocusWish';
import { useOutbox } from '../hooks/useOutbox';
import { useQuickReplies } from '../hooks/useQuickReplies';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import type { Values } from '../model/quickReplies';
import styles from './Composer.module.css';
import { QuickReplyForm } from './QuickReplyForm';
import { QuickReplyPicker } from './QuickReplyPicker';

const messages = catalogue(zh, en);
const TYPING_EVERY_MS = 3000;

const NOTHING: Values = {};

interface Props {
  conversationId: string;
  actions?: ReactNode;
  /** What the variables of quick replies stand for in this chat. */
  values?: Values;
}

/** Where an answer is written. What is typed is kept over reloads and cuts until it is sent. */
export function Composer({ conversationId, actions, values = NOTHING }: Props) {
  const t = useMessages(messages);
  const outbox = useOutbox();
  const [text, setText] = useTextDraft(`message.${conversationId}`);
  const field = useRef<TextAreaRef>(null);
  const lastTyping = useRef(0);
  const { message } = App.useApp();
  const [over, setOver] = useState(false);

  // A file that is dropped beside the place would be opened instead of this page, and end a call with it.
  useEffect(() => {
    const stay = (event: DragEvent) => {
      if (event.defaultPrevented || event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    window.addEventListener('dragover', stay);
    window.addEventListener('drop', stay);
    return () => {
      window.removeEventListener('dragover', stay);
      window.removeEventListener('drop', stay);
    };
  }, []);

  const type = (next: string) => {
    setText(next);
    if (Date.now() - lastTyping.current > TYPING_EVERY_MS && next !== '') {
      lastTyping.current = Date.now();
      // Only a courtesy: that it failed is nothing to tell anybody.
      sayTyping(conversationId).catch(() => undefined);
    }
  };
  const replies = useQuickReplies({ text, write: type, element: () => field.current?.resizableTextArea?.textArea ?? null, values });
  const list = useId();
  const [edited, setEdited] = useState<QuickReply | 'new' | null>(null);
  const send = () => {
    if (text.trim() === '') return;
    if (replies.toGap()) {
      void message.warning(t('reply.gap'));
      return;
    }
    outbox.add(conversationId, text.trim());
    type('');
  };
  const take = (event: SyntheticEvent, files: readonly File[]) => {
    if (files.length === 0) return;
    event.preventDefault();
    files.forEach((file) => outbox.addFile(conversationId, file, file.name));
  };
  const place = useRef<HTMLDivElement>(null);
  useShortcut('send', send, { within: place });
  useShortcut('reply', replies.ask);
  useTakesFocus(() => field.current?.resizableTextArea?.textArea ?? null);

  return (
    <div
      ref={place}
      className={styles.drop}
      data-over={over}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        take(event, [...event.dataTransfer.files]);
      }}
      onPaste={(event) => take(event, pastedFiles(event.clipboardData))}
    >
      {replies.open && <QuickReplyPicker id={list} replies={replies.shown} active={replies.active} preview={replies.preview} onChoose={replies.choose} onEdit={setEdited} />}
      <Input.TextArea
        ref={field}
        onSelect={(event) => replies.onSelect(event.currentTarget)}
        aria-autocomplete="list"
        aria-controls={replies.open ? list : undefined}
        aria-activedescendant={replies.open && replies.shown.length > 0 ? `${list}-${replies.active}` : undefined}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={replies.onKey}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={MAX_TEXT}
        placeholder={t('composer.placeholder')}
        aria-label={t('composer.label')}
      />
      {edited !== null && <QuickReplyForm reply={edited === 'new' ? null : edited} own onClose={() => setEdited(null)} />}
      <div className={styles.actions}>
        <AttachButton className={styles.tool} size={18} send={(file) => outbox.addFile(conversationId, file, file.name)} />
        <EmojiButton className={styles.tool} size={18} choose={(face) => type(withInserted(field.current?.resizableTextArea?.textArea ?? null, text, face).slice(0, MAX_TEXT))} />
        <VoiceButton className={styles.tool} size={18} send={({ blob, durationMs }) => outbox.addFile(conversationId, blob, t('composer.voice'), durationMs)} />
        <Tooltip title={`${t('reply.title')} ${shownKeys(chordOf('reply'))}`}>
          <button type="button" className={styles.tool} onClick={replies.ask} aria-label={t('reply.title')} aria-keyshortcuts={ariaKeys(chordOf('reply'))}>
            <Zap size={18} aria-hidden />
          </button>
        </Tooltip>
        {actions}
        <Button type="primary" style={{ marginInlineStart: 'auto' }} icon={<Send size={16} aria-hidden />} disabled={text.trim() === ''} onClick={send} aria-keyshortcuts={ariaKeys(chordOf('send'))}>
          {t('composer.send')} <Key>{shownKeys(chordOf('send'))}</Key>
        </Button>
      </div>
    </div>
  );
}
