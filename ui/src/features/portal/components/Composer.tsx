import { ArrowUp } from 'lucide-react';
import { useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import { AttachButton } from '@/design/AttachButton';
import { EmojiButton, withInserted } from '@/design/EmojiButton';
import { VoiceButton } from '@/design/VoiceButton';
import { useMessages } from '@/shared/i18n/useMessages';
import { pastedFiles } from '@/shared/clipboard/pasted';
import { isEnter } from '@/shared/keyboard/enter';
import { useTextDraft } from '@/shared/storage/useTextDraft';
import { MAX_TEXT } from '@/shared/visitor/protocol';
import { useChat } from '../hooks/useChat';
import { messages } from '../messages';
import styles from './Composer.module.css';

const TELL_LEFT = 200;

/** The place to write. What stands here survives a reload; Enter sends, Shift and Enter begin a new line. */
export function Composer() {
  const t = useMessages(messages);
  const chat = useChat();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useTextDraft('visitor');
  const left = MAX_TEXT - text.length;

  useLayoutEffect(() => {
    const area = field.current;
    if (area === null) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight + 2}px`;
  }, [text]);

  const change = (next: string) => {
    setText(next);
    if (next.trim() !== '') chat.tellTyping();
  };
  const send = () => {
    const words = text.trim();
    if (words === '') return;
    chat.say(words);
    change('');
    field.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    if (!isEnter(event.nativeEvent) || event.shiftKey) return;
    event.preventDefault();
    send();
  };

  return (
    <footer className={styles.composer}>
      {left < TELL_LEFT && <p className={styles.left}>{t('composer.long', { n: left })}</p>}
      <div className={styles.row}>
        <AttachButton className={styles.tool} size={22} send={(file) => chat.files.send(file, file.name)} />
        <EmojiButton className={styles.tool} size={22} choose={(face) => change(withInserted(field.current, text, face).slice(0, MAX_TEXT))} />
        {text === '' && (
          <VoiceButton className={styles.tool} size={22} send={({ blob, durationMs }) => chat.files.send(blob, t('composer.voice'), durationMs)} />
        )}
        <textarea
          ref={field}
          value={text}
          rows={1}
          maxLength={MAX_TEXT}
          enterKeyHint="send"
          aria-label={t('composer.label')}
          placeholder={t('composer.placeholder')}
          onChange={(event) => change(event.target.value)}
          onKeyDown={key}
          onPaste={(event) => {
            const files = pastedFiles(event.clipboardData);
            if (files.length === 0) return;
            event.preventDefault();
            files.forEach((file) => chat.files.send(file, file.name));
          }}
        />
        <button type="button" className={styles.send} disabled={text.trim() === ''} onClick={send}>
          <ArrowUp size={22} aria-hidden />
          <span className="cl-hidden">{t('composer.send')}</span>
        </button>
      </div>
    </footer>
  );
}
