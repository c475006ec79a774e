import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Table } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Label } from '@/design/atoms';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { SearchInput } from '@/design/SearchInput';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { QuickReply } from '@/shared/api/generated/types.gen';
import { catalogue, knows } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { retireReply, tenantRepliesQuery } from '../api/quickReplies';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { QuickReplyForm } from './QuickReplyForm';

const messages = catalogue(zh, en);

interface Props {
  search: string;
  onSearch: (search: string) => void;
}

/** The quick replies that everybody may use, retired ones too. */
export function QuickReplyList({ search, onSearch }: Props) {
  const t = useMessages(messages);
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const replies = useInfiniteQuery(tenantRepliesQuery(search.trim()));
  const [edited, setEdited] = useState<QuickReply | 'new' | null>(null);
  const retire = useMutation({
    mutationFn: retireReply,
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['quick-replies'] }),
  });
  const askRetire = (reply: QuickReply) =>
    void modal.confirm({
      title: t('replies.retire_ask', { title: reply.title }),
      content: t('replies.retire_what'),
      okText: t('replies.retire'),
      cancelText: t('replies.cancel'),
      onOk: () => retire.mutateAsync(reply).catch(() => undefined),
    });
  const nameOf = (language: string) => {
    const key = `replies.in.${language}`;
    return knows(messages, key) ? t(key) : language;
  };
  const all = replies.data?.pages.flatMap(({ items }) => items);
  return (
    <section aria-label={t('replies.what')}>
      <div className="cl-row" style={{ gap: 12, marginBottom: 12 }}>
        <SearchInput label={t('replies.search')} words={search} onWords={(words) => onSearch(words ?? '')} style={{ maxInlineSize: 320 }} />
        <span className="cl-grow" />
        {!replies.isError && (
          <Button type="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setEdited('new')}>
            {t('replies.add')}
          </Button>
        )}
      </div>
      {all === undefined &&
        (replies.isError ? (
          <ErrorPanel what={t('replies.what')} error={replies.error} retry={() => void replies.refetch()} />
        ) : (
          <Loading what={t('replies.what')} rows={8} />
        ))}
      {all?.length === 0 && <EmptyPanel>{t(search.trim() === '' ? 'replies.empty' : 'replies.nothing')}</EmptyPanel>}
      {all !== undefined && all.length > 0 && (
        <Table<QuickReply>
          rowKey="id"
          size="middle"
          pagination={false}
          dataSource={all}
          scroll={{ x: 640 }}
          columns={[
            {
              title: t('replies.title'),
              key: 'title',
              render: (_, reply) => (
                <Button type="link" style={{ padding: 0 }} onClick={() => setEdited(reply)}>
                  {reply.title}
                </Button>
              ),
            },
            { title: t('replies.group'), dataIndex: 'group', width: 140, responsive: ['sm'] },
            { title: t('replies.text'), dataIndex: 'text', ellipsis: true },
            { title: t('replies.language'), key: 'language', width: 110, responsive: ['md'], render: (_, { language }) => nameOf(language) },
            { title: t('replies.used'), dataIndex: 'used', align: 'right', width: 80, responsive: ['md'] },
            {
              title: t('replies.state'),
              key: 'state',
              width: 100,
              render: (_, { retired }) => <Label tone={retired ? 'plain' : 'ok'}>{t(retired ? 'replies.retired' : 'replies.in_use')}</Label>,
            },
            {
              key: 'act',
              width: 90,
              render: (_, reply) => (
                <Button size="small" onClick={() => (reply.retired ? retire.mutate(reply) : askRetire(reply))}>
                  {t(reply.retired ? 'replies.restore' : 'replies.retire')}
                </Button>
              ),
            },
          ]}
        />
      )}
      {replies.hasNextPage && (
        <Button style={{ marginTop: 12 }} loading={replies.isFetchingNextPage} onClick={() => void replies.fetchNextPage()}>
          {t('replies.more')}
        </Button>
      )}
      {edited !== null && <QuickReplyForm reply={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </section>
  );
}
