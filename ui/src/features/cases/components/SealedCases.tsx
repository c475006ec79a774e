import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Drawer, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { SealedCaseShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatShortDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { sealedQuery } from '../api/sealed';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { OpenSealed } from './OpenSealed';

const messages = catalogue(zh, en);

/** Complaints whose customer was erased, for the officer who answers for them: numbers and days, no word of theirs. */
export function SealedCases() {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const [open, setOpen] = useState<SealedCaseShown | null>(null);
  const found = useInfiniteQuery(sealedQuery);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const day = (moment: string) => formatShortDay(moment, zone, serverNow());
  const columns: TableColumnsType<SealedCaseShown> = [
    { title: t('field.number'), dataIndex: 'number' },
    { title: t('field.created'), responsive: ['md'], render: (_, one) => day(one.created_at) },
    { title: t('sealed.changed'), responsive: ['sm'], render: (_, one) => day(one.changed_at) },
    { title: t('sealed.until'), render: (_, one) => day(one.until) },
    {
      title: <span className="cl-hidden">{t('sealed.open')}</span>,
      width: 110,
      render: (_, one) => (
        <Button size="small" aria-label={t('sealed.open_one', { number: one.number })} onClick={() => setOpen(one)}>
          {t('sealed.open')}
        </Button>
      ),
    },
  ];
  return (
    <section className="cl-page" aria-label={t('sealed.title')}>
      <p className="cl-secondary">{t('sealed.what')}</p>
      {found.isError && <ErrorPanel what={t('sealed.title')} error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Loading what={t('sealed.title')} rows={4} />}
      {found.data !== undefined && items.length === 0 && <EmptyPanel>{t('sealed.none')}</EmptyPanel>}
      {items.length > 0 && <Table<SealedCaseShown> size="small" rowKey="id" columns={columns} dataSource={items} pagination={false} />}
      {found.hasNextPage && (
        <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('list.more')}
        </Button>
      )}
      <Drawer title={open?.number ?? ''} open={open !== null} onClose={() => setOpen(null)} size={560} destroyOnHidden>
        {open !== null && <OpenSealed one={open} />}
      </Drawer>
    </section>
  );
}
