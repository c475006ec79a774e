import { Table, type TableColumnsType } from 'antd';
import type { DataRequest } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment, formatShortDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { messages } from '../messages';
import { RequestState } from './RequestState';
import styles from './Requests.module.css';

interface Props {
  items: DataRequest[];
  onOpen: (id: string) => void;
}

/** Requests with who asked and until when an answer is due. */
export function RequestTable({ items, onOpen }: Props) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const columns: TableColumnsType<DataRequest> = [
    {
      title: t('kind'),
      render: (_, one) => (
        <>
          <button type="button" className={styles.opens} onClick={() => onOpen(one.id)}>
            {t(`kind.${one.kind}`)}
          </button>
          <p className="cl-note cl-muted">{one.customer_name ?? t('customer.hidden')}</p>
        </>
      ),
    },
    {
      title: t('asked'),
      responsive: ['md'],
      render: (_, one) => (
        <>
          {formatMoment(one.asked_at, t.language, zone, serverNow())}
          <p className="cl-note cl-muted">{one.asked_by}</p>
        </>
      ),
    },
    { title: t('identified'), responsive: ['lg'], render: (_, one) => t(`level.${one.assurance}` as 'level.real_name') },
    { title: t('due'), width: 120, responsive: ['sm'], render: (_, one) => formatShortDay(one.due_at, zone, serverNow()) },
    { title: t('state'), width: 150, render: (_, one) => <RequestState request={one} /> },
  ];
  return <Table<DataRequest> size="small" rowKey="id" columns={columns} dataSource={items} pagination={false} />;
}
