import type { AuditEntryShown } from '@/shared/api/generated/types.gen';
import { catalogue, knows } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import { useValueWords } from './values';

const messages = catalogue(zh, en);

export const useAuditMessages = () => useMessages(messages);

type Names = Readonly<Record<string, string>>;

/** What was so before and what is so since, under which names actions tell of it. */
const PAIRS = [
  ['before', 'after'],
  ['from', 'to'],
] as const;

/** The pair that tells a change, if an entry has one; a page of the audit has a place `before` and no `after`. */
export const changeIn = ({ params }: AuditEntryShown) => PAIRS.find(([before, after]) => before in params && after in params);

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** How the audit calls it when somebody asks to be told live of something. */
const SUBSCRIBE = 'SUBSCRIBE ';

/** Ids become names where the house knows them; others stay short, and whole in the raw entry. */
const named = (text: string, names: Names) => text.replace(ID, (id) => names[id] ?? `#${id.slice(-6)}`);

/** An entry of the audit as people say it. */
export function useAuditWords() {
  const t = useAuditMessages();
  const actorName = (actor: string, names: Names) => {
    const [kind = '', id] = actor.split(':');
    if (id === undefined) return kind === 'system' ? t('actor.system') : kind;
    return names[id] ?? (kind === 'customer' ? t('actor.customer') : t('actor.unknown', { id: id.slice(-6) }));
  };
  const actionName = (action: string) => {
    const key = `action.${action}`;
    return knows(messages, key) ? t(key) : action;
  };
  const kindName = (kind: string) => {
    const key = `kind.${kind}`;
    return knows(messages, key) ? t(key) : kind;
  };
  const paramName = (name: string) => {
    const key = `param.${name}`;
    return knows(messages, key) ? t(key) : name;
  };
  const worded = useValueWords({ messages, t });
  /** The value of a detail: codes have words of their own, ids become names. */
  const value = (raw: AuditEntryShown['params'][string] | undefined, names: Names, name: string) => {
    if (raw === null || raw === undefined || raw === '') return '–';
    return worded(name, raw) ?? named(String(raw), names);
  };
  const subjectName = (subject: string | null, names: Names) => {
    if (subject === null) return '';
    const topic = `topic.${subject.slice(SUBSCRIBE.length)}`;
    return subject.startsWith(SUBSCRIBE) && knows(messages, topic) ? t('subscribe', { topic: t(topic) }) : named(subject, names);
  };
  const detail = (entry: AuditEntryShown, names: Names) => {
    const change: readonly string[] = changeIn(entry) ?? [];
    const [before, after] = change.map((name) => value(entry.params[name], names, name));
    return [
      ...(before === undefined || after === undefined ? [] : [t('param_changed', { before, after })]),
      ...Object.entries(entry.params)
        .filter(([name, raw]) => raw !== null && raw !== '' && !change.includes(name))
        .map(([name, raw]) => `${paramName(name)} ${value(raw, names, name)}`),
    ].join(t('param_and'));
  };
  return { actorName, actionName, kindName, paramName, value, subjectName, detail };
}
