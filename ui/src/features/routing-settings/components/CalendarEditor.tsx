import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import type { CalendarShown, OfficialYearShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { calendarQuery, officialQuery, saveCalendar } from '../api/calendars';
import { useSaving } from '@/design/useSaving';
import { messages } from '../messages';
import { fieldsOfCalendar, typedException, wantedCalendar, withDays, type CalendarFields } from '../model/times';
import { ExceptionFields } from './ExceptionFields';
import styles from './Settings.module.css';
import { WeekFields } from './WeekFields';

const ZONES = Intl.supportedValuesOf('timeZone');
const WORKED = [{ start: '09:00', end: '18:00' }];

interface Props {
  /** `new` for one that is not there yet. */
  calendarId: string;
  onLeave: () => void;
}

/** One calendar: its week, and the days that are otherwise. */
export function CalendarEditor({ calendarId, onLeave }: Props) {
  const t = useMessages(messages);
  const isNew = calendarId === 'new';
  const calendar = useQuery({ ...calendarQuery(calendarId), enabled: !isNew });
  const official = useQuery(officialQuery);
  if (calendar.isError && calendar.data === undefined) return <ErrorPanel what={t('hours.title')} error={calendar.error} retry={() => void calendar.refetch()} />;
  if (!isNew && calendar.data === undefined) return <Loading what={t('hours.title')} rows={8} />;
  const known = isNew ? null : (calendar.data ?? null);
  return <CalendarForm key={known?.version ?? 0} known={known} official={official.data ?? []} refresh={() => void calendar.refetch()} onLeave={onLeave} />;
}

interface FormProps {
  known: CalendarShown | null;
  official: readonly OfficialYearShown[];
  refresh: () => void;
  onLeave: () => void;
}

function CalendarForm({ known, official, refresh, onLeave }: FormProps) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<CalendarFields>();
  const [start] = useState<CalendarFields>(() => (known === null ? newCalendar(zone) : fieldsOfCalendar(known)));
  const { saving, stale, why } = useSaving(
    form,
    (fields: CalendarFields) => saveCalendar(known, wantedCalendar(fields)),
    () => {
      void message.success(t('form.saved'));
      void cache.invalidateQueries({ queryKey: ['hours'] });
      onLeave();
    },
  );
  const takeOver = (year: OfficialYearShown) => {
    const before = form.getFieldValue('exceptions') as CalendarFields['exceptions'];
    const after = withDays(before, year.days.map(typedException));
    form.setFieldsValue({ exceptions: after });
    void message.info(t('hours.taken_over', { n: after.length - before.length }));
  };
  return (
    <Form<CalendarFields> form={form} layout="vertical" requiredMark={false} initialValues={start} onFinish={(fields) => saving.mutate(fields)} scrollToFirstError={{ block: 'center' }}>
      <h2 className="cl-page-title" style={{ marginBottom: 16 }}>
        {known === null ? t('hours.new') : known.name}
      </h2>
      <div className={styles.pair}>
        <Form.Item name="name" label={t('field.name')} rules={[{ required: true, whitespace: true, message: t('field.needed') }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="time_zone" label={t('hours.zone')} rules={[{ required: true, message: t('field.needed') }]}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={(ZONES.includes(start.time_zone) ? ZONES : [start.time_zone, ...ZONES]).map((value) => ({ value, label: value }))} />
        </Form.Item>
      </div>
      <section className={styles.section}>
        <h3 className="cl-panel-title">{t('hours.week')}</h3>
        <p className="cl-note cl-secondary">{t('hours.week_hint')}</p>
        <WeekFields form={form} />
      </section>
      <section className={styles.section}>
        <h3 className="cl-panel-title">{t('hours.exceptions')}</h3>
        {official.map((year) => (
          <p key={`${year.country}${year.year}`} className="cl-note cl-secondary" style={{ marginBottom: 8 }}>
            <Button size="small" onClick={() => takeOver(year)}>
              {t('hours.take_over', { year: year.year })}
            </Button>{' '}
            {t('hours.source', { source: year.source })}
          </p>
        ))}
        <ExceptionFields />
      </section>
      {why !== '' && (
        <Alert
          type="error"
          showIcon
          title={t('form.failed', { why })}
          action={stale ? <Button size="small" onClick={refresh}>{t('form.theirs')}</Button> : undefined}
          style={{ marginBottom: 12 }}
        />
      )}
      <div className={styles.bar}>
        <Button type="primary" htmlType="submit" loading={saving.isPending}>
          {t('form.save')}
        </Button>
        <Button onClick={onLeave}>{t('form.cancel')}</Button>
      </div>
    </Form>
  );
}

function newCalendar(zone: string): CalendarFields {
  return { name: '', time_zone: zone, weekly: [WORKED, WORKED, WORKED, WORKED, WORKED, [], []].map((spans) => spans.map((span) => ({ ...span }))), exceptions: [] };
}
