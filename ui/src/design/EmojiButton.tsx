import { Smile } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { EMOJI } from '@/shared/conversations/emoji';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import styles from './EmojiButton.module.css';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

const messages = catalogue(zh, en);

interface Props {
  className: string | undefined;
  size: number;
  choose: (face: string) => void;
}

/** Faces to put between the words. Stays open, so that one can choose several; Escape or a press elsewhere closes it. */
export function EmojiButton({ className, size, choose }: Props) {
  const t = useMessages(messages);
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return undefined;
    const elsewhere = ({ target }: PointerEvent) => {
      if (target instanceof Node && place.current?.contains(target) !== true) setOpen(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, [open]);

  return (
    <span
      ref={place}
      className={styles.place}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        setOpen(false);
        opener.current?.focus();
      }}
    >
      <button
        ref={opener}
        type="button"
        className={className}
        title={t('tools.emoji')}
        aria-label={t('tools.emoji')}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Smile size={size} aria-hidden />
      </button>
      {open && (
        <span className={styles.faces} role="group" aria-label={t('tools.emoji')}>
          {EMOJI.map((face) => (
            <button key={face} type="button" onClick={() => choose(face)}>
              {face}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}

/** Puts `more` where the caret stands, and the caret behind it; the words as they are then. */
export function withInserted(field: HTMLTextAreaElement | null, text: string, more: string): string {
  if (field === null) return text + more;
  const [from, to] = [field.selectionStart, field.selectionEnd];
  requestAnimationFrame(() => field.setSelectionRange(from + more.length, from + more.length));
  return text.slice(0, from) + more + text.slice(to);
}
