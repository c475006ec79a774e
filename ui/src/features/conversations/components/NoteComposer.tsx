import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Mentions } from 'antd';
import { StickyNote } from 'lucide-react';
import { useRef, useState } from 'react';
import { Key } from '@/design/atoms';
import { Severity } from '@/design/Severity';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Colleague, Note } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { newId } from '@/shared/ids/newId';
import { ariaKeys, shownKeys } from '@/shared/keyboard/chord';
import { chordOf } from '@/shared/keyboard/shortcuts';
import { useShortcut } from '@/shared/keyboard/useShortcut';
import { change } from '@/shared/query/live';
import { useTextDraft } from '@/shared/storage/useTextDraft';
import { colleaguesQuery, notesKey, writeNote } from '../api/colleagues';
import { useTakesFocus } from '../hooks/useFocusWish';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { mentioned, withNote } from '../model/entries';
import styles from './Composer.module.css';

const messages = catalogue(zh, en);
const MAX_TEXT = 4000;

/** Where something is written that colleagues read and the customer never sees. */
export function NoteComposer({ conversationId }: { conversationId: string }) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const [text, setText] = useTextDraft(`note.${conversationId}`);
  const [search, setSearch] = useState('');
  const written = useRef(text);
  const chosen = useRef(new Map<string, string>());
  const name = useRef<string>(undefined);
  const colleagues = useQuery(colleaguesQuery(search));

  const write = useMutation({
    mutationKey: ['note', conversationId],
    mutationFn: (words: string) => {
      // The same note under the same name, however often it has to be sent.
      name.current ??= newId();
      return writeNote(conversationId, { client_id: name.current, text: words, mentions: mentioned(words, chosen.current) });
    },
    onSuccess: (note, words) => {
      // What was written on meanwhile is the next note.
      const now = written.current.trimStart();
      const more = now.startsWith(words) ? now.slice(words.length).trimStart() : now;
      name.current = undefined;
      if (more === '') chosen.current.clear();
      type(more);
      change<readonly Note[]>(queries, notesKey(conversationId), (held) => withNote(held, note));
    },
  });
  const type = (next: string) => {
    name.current = undefined;
    written.current = next;
    setText(next);
  };
  const send = () => {
    if (text.trim() !== '' && queries.isMutating({ mutationKey: ['note', conversationId] }) === 0) write.mutate(text.trim());
  };
  const place = useRef<HTMLDivElement>(null);
  useShortcut('send', send, { within: place });
  useTakesFocus(() => place.current?.querySelector('textarea') ?? null);

  return (
    <div ref={place} className={styles.drop}>
      <Mentions
        className={styles.note}
        value={text}
        onChange={type}
        onSearch={setSearch}
        onSelect={(option) => {
          if (option.value !== undefined && option.key !== undefined) chosen.current.set(option.value, option.key);
        }}
        loading={colleagues.isFetching}
        filterOption={false}
        options={(colleagues.data ?? []).map((one) => ({ key: one.id, value: called(one, colleagues.data ?? []), label: `${one.name} ${one.number}` }))}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={MAX_TEXT}
        placeholder={t('note.placeholder')}
        aria-label={t('note.label')}
      />
      <div className={styles.actions}>
        <span className="cl-note cl-muted cl-grow">
          {write.isError ? <Severity level="bad">{t('note.failed', { why: sentence(write.error) })}</Severity> : t('note.what')}
        </span>
        <Button icon={<StickyNote size={16} aria-hidden />} loading={write.isPending} disabled={text.trim() === ''} onClick={send} aria-keyshortcuts={ariaKeys(chordOf('send'))}>
          {t('note.send')} <Key>{shownKeys(chordOf('send'))}</Key>
        </Button>
      </div>
    </div>
  );
}

/** By name, and by number, too, where two have one name. */
const called = ({ id, name, number }: Colleague, all: readonly Colleague[]) => (all.some((one) => one.name === name && one.id !== id) ? `${name}${number}` : name);
