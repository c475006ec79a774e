import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import type { Disposition } from '@/shared/api/generated/types.gen';
import { useErrorSentence } from '@/design/useErrorSentence';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { dispositionsQuery } from '../api/dispositions';
import { choices, fits, nameOf, wayTo, type Choice } from '../model/dispositions';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './WrapUp.module.css';

const messages = catalogue(zh, en);

interface Props {
  id: string;
  value: string | null;
  onChange: (code: string | null) => void;
  /** The queue of the contact: branches that are for other queues are not offered. */
  queueId: string | null;
  /** The codes used last, which come first. */
  recent: readonly string[];
  autoFocus: boolean;
}

interface Option {
  value: string;
  label: string;
  way: readonly Disposition[];
}

/** One field to find a code by its name in either language, by pinyin initials or by its code. */
export function DispositionPicker({ id, value, onChange, queueId, recent, autoFocus }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const tree = useQuery(dispositionsQuery);
  const all = choices(tree.data ?? [], queueId);
  const names = (way: readonly Disposition[]) => way.map((one) => nameOf(one, t.language)).join(' › ');
  const option = ({ code, way }: Choice, whole: boolean): Option => ({ value: code, way, label: names(whole || way.length === 1 ? way : way.slice(1)) });
  const last = recent.map((code) => all.find((one) => one.code === code)).filter((one) => one !== undefined);
  const rest = all.filter((one) => !last.includes(one));
  const categories = [...new Set(rest.map(({ way }) => way[0]))].filter((one) => one !== undefined);
  const groups = [
    ...(last.length === 0 ? [] : [{ label: t('wrap_up.recent'), key: 'recent', options: last.map((one) => option(one, true)) }]),
    ...categories.map((top) => ({ label: nameOf(top, t.language), key: top.code, options: rest.filter(({ way }) => way[0] === top).map((one) => option(one, false)) })),
  ];
  // A code that may not be chosen any more still has its name.
  const kept = value === null || all.some(({ code }) => code === value) ? [] : [{ label: t('wrap_up.kept'), key: 'kept', options: [{ value, way: wayTo(value, tree.data ?? []), label: names(wayTo(value, tree.data ?? [])) || value }] }];
  return (
    <Select<string, Option>
      id={id}
      value={tree.data === undefined ? null : value}
      onChange={(code: string | undefined) => onChange(code ?? null)}
      options={[...kept, ...groups] as unknown as Option[]}
      loading={tree.isPending}
      status={tree.isError ? 'error' : undefined}
      notFoundContent={tree.isError ? sentence(tree.error) : t(all.length === 0 ? 'wrap_up.no_codes' : 'wrap_up.no_code')}
      placeholder={t('wrap_up.choose')}
      showSearch={{ filterOption: (query, found) => found?.way !== undefined && fits(query.trim(), found.way) }}
      labelRender={({ value: code, label }) => {
        const way = wayTo(String(code), tree.data ?? []);
        return way.length === 0 ? label : names(way);
      }}
      listHeight={320}
      allowClear
      autoFocus={autoFocus}
      className={styles.picker}
    />
  );
}
