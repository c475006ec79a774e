import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Table, type TableColumnsType } from 'antd';
import { Plus } from 'lucide-react';
import { Label } from '@/design/atoms';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { CalendarShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { calendarsQuery } from '../api/calendars';
import { queuesQuery } from '../api/queues';
import { messages } from '../messages';
import { timeOf } from '../model/times';
import { WEEKDAYS } from '../model/weekdays';
import styles from './Settings.module.css';

/** The calendars of the centre, whether each is open now, and who works by it. */
export function CalendarList() {
  const t = useMessages(messages);
  const calendars = useQuery(calendarsQuery);
  const queues = useQuery(queuesQuery());
  const columns: TableColumnsType<CalendarShown> = [
    {
      title: t('field.name'),
      render: (_, { id, name }) => (
        <Link to="/studio/hours/$calendarId" params={{ calendarId: id }}>
          {name}
        </Link>
      ),
    },
    { title: t('hours.week'), responsive: ['sm'], render: (_, { weekly }) => weekInShort(weekly, (code) => t(`weekday.${code}`), t('words.list')) || t('hours.closed') },
    { title: t('hours.exceptions'), width: 110, responsive: ['md'], render: (_, { exceptions }) => t('hours.days', { n: exceptions.length }) },
    {
      title: t('hours.used_by'),
      responsive: ['md'],
      render: (_, { id }) =>
        (queues.data ?? [])
          .filter(({ rules }) => rules.calendar_id === id)
          .map(({ name }) => name)
          .join(t('words.list')) || '\u2014',
    },
    {
      title: t('hours.now'),
      width: 200,
      render: (_, { open_now, changes_at, time_zone }) => {
        const until = changes_at === null ? '' : formatMoment(changes_at, t.language, time_zone, serverNow());
        return (
          <>
            <Label tone={open_now ? 'ok' : 'warn'}>{open_now ? t('hours.open_now') : t('hours.closed_now')}</Label>{' '}
            {until !== '' && <span className="cl-note cl-muted">{t('hours.until', { time: until })}</span>}
          </>
        );
      },
    },
  ];
  return (
    <section aria-label={t('hours.title')}>
      {!calendars.isError && (
        <div className={styles.top}>
          <Link to="/studio/hours/$calendarId" params={{ calendarId: 'new' }}>
            <Button type="primary" icon={<Plus size={14} aria-hidden />} tabIndex={-1}>
              {t('hours.new')}
            </Button>
          </Link>
        </div>
      )}
      {calendars.isError && <ErrorPanel what={t('hours.title')} error={calendars.error} retry={() => void calendars.refetch()} />}
      {calendars.isPending && <Loading what={t('hours.title')} rows={4} />}
      {calendars.data?.length === 0 && <EmptyPanel>{t('hours.empty')}</EmptyPanel>}
      {calendars.data !== undefined && calendars.data.length > 0 && (
        <Table<CalendarShown> className={styles.table} size="small" rowKey="id" columns={columns} dataSource={calendars.data} pagination={false} />
      )}
    </section>
  );
}

/** Weekdays with the same times stand together: "Mon–Fri 09:00–18:00". */
function weekInShort(weekly: CalendarShown['weekly'], dayName: (code: (typeof WEEKDAYS)[number]) => string, comma: string): string {
  const times = weekly.map((spans) => spans.map(({ start, end }) => `${timeOf(start)}–${timeOf(end)}`).join(' '));
  const runs: { first: number; last: number; time: string }[] = [];
  times.forEach((time, index) => {
    const before = runs.at(-1);
    if (before !== undefined && before.time === time) before.last = index;
    else runs.push({ first: index, last: index, time });
  });
  const name = (index: number) => dayName(WEEKDAYS[index] ?? 'monday');
  return runs
    .filter(({ time }) => time !== '')
    .map(({ first, last, time }) => `${first === last ? name(first) : `${name(first)}–${name(last)}`} ${time}`)
    .join(comma);
}
