import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Table } from 'antd';
import { ArrowDown, ArrowUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { Label } from '@/design/atoms';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { SearchInput } from '@/design/SearchInput';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Disposition } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { dispositionTreeQuery, orderDispositions, retireDisposition } from '../api/dispositions';
import { fits, moved, nameOf, wayTo } from '../model/dispositions';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { DispositionForm } from './DispositionForm';

const messages = catalogue(zh, en);
const MOST_LEVELS = 3;

interface Props {
  search: string;
  onSearch: (search: string) => void;
}

interface Node extends Disposition {
  level: number;
  children?: Node[];
}

type Edited = { code: Disposition | null; above: readonly Disposition[] };

/** The tree of disposition codes: category, reason, detail; retired ones too, for they name what was written up. */
export function DispositionTree({ search, onSearch }: Props) {
  const t = useMessages(messages);
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const kept = useQuery(dispositionTreeQuery);
  const [edited, setEdited] = useState<Edited | null>(null);
  const settled = {
    onError: (error: unknown) => void message.error(sentence(error)),
    onSettled: () => queries.invalidateQueries({ queryKey: ['dispositions'] }),
  };
  const retire = useMutation({ mutationFn: retireDisposition, ...settled });
  const order = useMutation({ mutationFn: ({ parent, was, codes }: { parent: string | null; was: string[]; codes: string[] }) => orderDispositions(parent, was, codes), ...settled });
  const all = kept.data?.items ?? [];
  const queueNames = new Map(kept.data?.queues.map(({ id, name }) => [id, name]));
  const query = search.trim();
  const near = new Set(all.filter(({ code }) => fits(query, wayTo(code, all))).flatMap(({ code }) => wayTo(code, all).map((one) => one.code)));
  const below = (parent: string | null, level: number): Node[] =>
    all
      .filter((one) => one.parent === parent && near.has(one.code))
      .map((one) => {
        const children = below(one.code, level + 1);
        return { ...one, level, ...(children.length === 0 ? {} : { children }) };
      });
  const askRetire = (one: Disposition) =>
    void modal.confirm({
      title: t('codes.retire_ask', { name: nameOf(one, t.language) }),
      content: t('codes.retire_what'),
      okText: t('replies.retire'),
      cancelText: t('replies.cancel'),
      onOk: () => retire.mutateAsync(one).catch(() => undefined),
    });
  const move = (one: Disposition, step: -1 | 1) => {
    const was = all.filter(({ parent }) => parent === one.parent).map(({ code }) => code);
    const codes = moved(was, one.code, step);
    if (codes !== null && !order.isPending) order.mutate({ parent: one.parent, was, codes });
  };
  const end = (one: Disposition, step: -1 | 1) => moved(all.filter(({ parent }) => parent === one.parent).map(({ code }) => code), one.code, step) === null;
  const tree = below(null, 1);
  return (
    <section aria-label={t('codes.what')}>
      <div className="cl-row" style={{ gap: 12, marginBottom: 12, flexWrap: 'wrap' }}>
        <SearchInput label={t('codes.search')} words={search} onWords={(words) => onSearch(words ?? '')} style={{ maxInlineSize: 320 }} />
        <span className="cl-grow" />
        <Button type="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setEdited({ code: null, above: [] })}>
          {t('codes.add.0')}
        </Button>
      </div>
      {kept.isError && kept.data === undefined && <ErrorPanel what={t('codes.what')} error={kept.error} retry={() => void kept.refetch()} />}
      {kept.isPending && <Loading what={t('codes.what')} rows={8} />}
      {kept.data !== undefined && tree.length === 0 && <EmptyPanel>{t(query === '' ? 'codes.empty' : 'codes.nothing')}</EmptyPanel>}
      {tree.length > 0 && (
        <Table<Node>
          key={query === '' ? 'all' : 'found'}
          rowKey="code"
          size="middle"
          pagination={false}
          dataSource={tree}
          expandable={{ defaultExpandAllRows: true }}
          scroll={{ x: 960 }}
          columns={[
            {
              title: t('codes.column'),
              key: 'name',
              width: 300,
              render: (_, one) => (
                <Button type="link" style={{ padding: 0, blockSize: 'auto', maxInlineSize: 'calc(100% - 96px)', textAlign: 'start', whiteSpace: 'normal' }} onClick={() => setEdited({ code: one, above: wayTo(one.code, all).slice(0, -1) })}>
                  <span>
                    {one.name} <span className="cl-note cl-muted">{one.name_en}</span>
                  </span>
                </Button>
              ),
            },
            { title: t('codes.code'), dataIndex: 'code', ellipsis: true, width: 200 },
            {
              title: t('codes.queues'),
              key: 'queues',
              ellipsis: true,
              width: 160,
              render: (_, { queue_ids }) => queue_ids.map((id) => queueNames.get(id) ?? '').filter((name) => name !== '').join(t('codes.and')),
            },
            {
              title: t('replies.state'),
              key: 'state',
              width: 90,
              render: (_, { retired }) => <Label tone={retired ? 'plain' : 'ok'}>{t(retired ? 'replies.retired' : 'replies.in_use')}</Label>,
            },
            {
              key: 'act',
              width: 210,
              render: (_, one) => {
                const name = nameOf(one, t.language);
                return (
                  <span className="cl-row" style={{ gap: 4 }}>
                    <Button size="small" type="text" icon={<ArrowUp size={14} aria-hidden />} aria-label={t('codes.up', { name })} disabled={end(one, -1)} onClick={() => move(one, -1)} />
                    <Button size="small" type="text" icon={<ArrowDown size={14} aria-hidden />} aria-label={t('codes.down', { name })} disabled={end(one, 1)} onClick={() => move(one, 1)} />
                    <Button
                      size="small"
                      type="text"
                      icon={<Plus size={14} aria-hidden />}
                      aria-label={t('codes.add_below', { name })}
                      disabled={one.level >= MOST_LEVELS || one.retired}
                      onClick={() => setEdited({ code: null, above: wayTo(one.code, all) })}
                    />
                    <Button size="small" onClick={() => (one.retired ? retire.mutate(one) : askRetire(one))}>
                      {t(one.retired ? 'replies.restore' : 'replies.retire')}
                    </Button>
                  </span>
                );
              },
            },
          ]}
        />
      )}
      {edited !== null && <DispositionForm code={edited.code} above={edited.above} queues={kept.data?.queues ?? []} onClose={() => setEdited(null)} />}
    </section>
  );
}
