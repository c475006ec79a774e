import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import type { QuickReply } from '@/shared/api/generated/types.gen';
import { isComposing, isEnter } from '@/shared/keyboard/enter';
import { countUse, usableRepliesQuery } from '../api/quickReplies';
import { asked, filled, found, nextGap, type Values } from '../model/quickReplies';

interface Field {
  text: string;
  write: (text: string) => void;
  /** The text's own element, while it is on the page. */
  element: () => HTMLTextAreaElement | null;
  values: Values;
}

/** Quick replies while somebody writes: `/` or Ctrl K asks, the arrows choose, Enter or Tab takes, Tab goes to the next gap. */
export function useQuickReplies({ text, write, element, values }: Field) {
  const replies = useQuery(usableRepliesQuery);
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState<string | null>(null);
  /** The text as it was before the keys asked here, so that to change one's mind leaves no stroke. */
  const [before, setBefore] = useState<{ asked: string; text: string; caret: number } | null>(null);
  const question = asked(text, Math.min(caret, text.length));
  const open = question !== null && closed !== text && replies.data !== undefined;
  const shown = open ? found(replies.data, question.query) : [];
  const at = Math.min(active, Math.max(0, shown.length - 1));

  const select = (start: number, end: number) => {
    element()?.focus();
    element()?.setSelectionRange(start, end);
    setCaret(end);
  };
  /** Puts the caret where it belongs, after React has written the text; not once somebody has typed on. */
  const place = (written: string, start: number, end: number) =>
    requestAnimationFrame(() => {
      if (element()?.value === written) select(start, end);
    });
  const choose = (reply: QuickReply) => {
    if (question === null) return;
    const words = filled(reply.text, values);
    const whole = text.slice(0, question.start) + words + text.slice(Math.min(caret, text.length));
    write(whole);
    const gap = nextGap(words);
    const end = question.start + words.length;
    place(whole, gap === null ? end : question.start + gap.start, gap === null ? end : question.start + gap.end);
    setActive(0);
    // Only a count: that it failed is nothing to tell anybody.
    countUse(reply.id).catch(() => undefined);
  };
  const ask = () => {
    const from = element()?.selectionStart ?? text.length;
    const blank = from === 0 || /\s$/.test(text.slice(0, from)) ? '' : ' ';
    const asks = `${text.slice(0, from)}${blank}/${text.slice(from)}`;
    write(asks);
    setBefore({ asked: asks, text, caret: from });
    setClosed(null);
    place(asks, from + blank.length + 1, from + blank.length + 1);
  };
  /** Selects a gap that is still to be filled; false when none is left. */
  const toGap = (from = 0): boolean => {
    const gap = nextGap(text, from);
    if (gap !== null) select(gap.start, gap.end);
    return gap !== null;
  };

  const close = () => {
    setClosed(text);
    if (before === null || before.asked !== text) return;
    write(before.text);
    place(before.text, before.caret, before.caret);
  };

  /** Whether the key was for us. */
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const { key, ctrlKey, metaKey, shiftKey } = event;
    if (isComposing(event.nativeEvent)) return false;
    const act = (work: () => void) => {
      event.preventDefault();
      work();
      return true;
    };
    if (open && shown.length > 0 && !ctrlKey && !metaKey) {
      if (key === 'ArrowDown') return act(() => setActive((at + 1) % shown.length));
      if (key === 'ArrowUp') return act(() => setActive((at - 1 + shown.length) % shown.length));
      const chosen = shown[at];
      if (chosen !== undefined && (isEnter(event.nativeEvent) || (key === 'Tab' && !shiftKey))) return act(() => choose(chosen));
    }
    if (open && key === 'Escape') return act(close);
    if (key === 'Tab' && !shiftKey && nextGap(text) !== null) return act(() => void toGap(event.currentTarget.selectionEnd));
    return false;
  };
  return { open, shown, active: at, preview: (words: string) => filled(words, values), choose, ask, toGap, onKey, onSelect: (element: HTMLTextAreaElement) => setCaret(element.selectionStart) };
}
