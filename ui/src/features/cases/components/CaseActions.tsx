import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Select } from 'antd';
import { useId } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Case, CaseState } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { useTextDraft } from '@/shared/storage/useTextDraft';
import { assignCase, assigneesQuery, caseQuery, commentCase, moveCase } from '../api/cases';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CaseDetail.module.css';

const messages = catalogue(zh, en);
const MAX_TEXT = 4000;

/** `text` is what was written at that moment. */
type Change = { to: CaseState; text: string } | { assignee: string | null } | { text: string };

/** What can be done with a case: give it to somebody, move it on, write something down. */
export function CaseActions({ item }: { item: Case }) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const { user } = useSession();
  const people = useQuery(assigneesQuery);
  const [text, setText] = useTextDraft(`case-note.${item.id}`);
  const [assigneeId, textId] = [useId(), useId()];

  const key = `case-change.${item.id}`;
  const act = useMutation({
    mutationKey: [key],
    mutationFn: (change: Change) => {
      if ('to' in change) return moveCase(item.id, change.to, change.text === '' ? null : change.text, item.version);
      if ('assignee' in change) return assignCase(item.id, change.assignee, item.version);
      return commentCase(item.id, change.text);
    },
    onSuccess: (_done, change) => {
      // What was written since stays.
      if ('text' in change && change.text === text.trim()) setText('');
      void message.success(t('to' in change ? 'action.moved' : 'assignee' in change ? 'action.assigned' : 'action.commented'));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['cases'] }),
    onError: (error) => {
      // Somebody was faster: what we hold is old, what was typed stays.
      if (error instanceof Problem && error.code === 'case-changed') void queries.invalidateQueries({ queryKey: caseQuery(item.id).queryKey });
    },
  });
  const change = (wanted: Change) => {
    // The second click of a double click comes before the buttons show that the first is on its way.
    if (queries.isMutating({ mutationKey: [key] }) === 0) act.mutate(wanted);
  };

  return (
    <aside className={styles.actions} aria-label={t('action.title')}>
      {act.isError && <Alert type="error" showIcon title={t('action.failed', { why: sentence(act.error) })} />}
      <section className={styles.card}>
        <h2>{t('action.who')}</h2>
        <label htmlFor={assigneeId}>{t('field.assignee')}</label>
        <Select<string>
          id={assigneeId}
          value={item.assignee?.id}
          placeholder={t('assignee.none')}
          onChange={(assignee: string | undefined) => change({ assignee: assignee ?? null })}
          options={(people.data ?? []).map((person) => ({ value: person.id, label: `${person.name} ${person.number}` }))}
          showSearch={{ optionFilterProp: 'label' }}
          disabled={act.isPending || item.state === 'closed'}
          style={{ inlineSize: '100%' }}
        />
        {item.assignee?.id !== user.id && item.state !== 'closed' && people.data?.some((person) => person.id === user.id) === true && (
          <div className={styles.buttons}>
            <Button size="small" onClick={() => change({ assignee: user.id })}>
              {t('action.take')}
            </Button>
          </div>
        )}
      </section>
      <section className={styles.card}>
        <h2>{t('action.write')}</h2>
        <label htmlFor={textId}>{t('action.text')}</label>
        <Input.TextArea
          id={textId}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoSize={{ minRows: 3, maxRows: 10 }}
          maxLength={MAX_TEXT}
          placeholder={t('action.text_hint')}
        />
        <div className={styles.buttons}>
          {item.may_become.map((to, index) => (
            <Button key={to} type={index === 0 && item.state !== 'closed' ? 'primary' : 'default'} loading={act.isPending} onClick={() => change({ to, text: text.trim() })}>
              {item.state === 'closed' || (item.state === 'resolved' && to === 'in_progress') ? t('move.reopen') : t(`move.${to}`)}
            </Button>
          ))}
          <Button disabled={text.trim() === ''} loading={act.isPending} onClick={() => change({ text: text.trim() })}>
            {t('action.comment')}
          </Button>
        </div>
      </section>
    </aside>
  );
}
