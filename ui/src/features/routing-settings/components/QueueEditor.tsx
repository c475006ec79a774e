import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form } from 'antd';
import { useState } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import type { CalendarShown, Need, QueueSettingsShown, SkillShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { calendarsQuery } from '../api/calendars';
import { NEW_QUEUE, queueQuery, queuesQuery, saveQueue, skillsQuery, type QueueFields } from '../api/queues';
import { useSaving } from '@/design/useSaving';
import { messages } from '../messages';
import { without } from '../model/without';
import { PlainWords } from './PlainWords';
import { QueueFormFields } from './QueueFormFields';
import styles from './Settings.module.css';

interface Props {
  /** `new` for one that is not there yet. */
  queueId: string;
  onLeave: () => void;
}

/** One queue: what is set on the left, what it means on the right. */
export function QueueEditor({ queueId, onLeave }: Props) {
  const t = useMessages(messages);
  const isNew = queueId === 'new';
  const queue = useQuery({ ...queueQuery(queueId), enabled: !isNew });
  const queues = useQuery(queuesQuery());
  const skills = useQuery(skillsQuery);
  const calendars = useQuery(calendarsQuery);
  // What is held stays when asking again fails: somebody may be writing in it.
  const failed = [queue, queues, skills, calendars].find((query) => query.isError && query.data === undefined);
  if (failed !== undefined) return <ErrorPanel what={t('queues.title')} error={failed.error} retry={() => void failed.refetch()} />;
  if ((!isNew && queue.data === undefined) || queues.data === undefined || skills.data === undefined || calendars.data === undefined) return <Loading what={t('queues.title')} rows={8} />;
  const known = isNew ? null : (queue.data ?? null);
  return (
    <QueueForm
      // Another version fills the form anew.
      key={known?.version ?? 0}
      known={known}
      queues={queues.data}
      skills={skills.data}
      calendars={calendars.data}
      refresh={() => void queue.refetch()}
      onLeave={onLeave}
    />
  );
}

interface FormProps {
  known: QueueSettingsShown | null;
  queues: readonly QueueSettingsShown[];
  skills: readonly SkillShown[];
  calendars: readonly CalendarShown[];
  refresh: () => void;
  onLeave: () => void;
}

function QueueForm({ known, queues, skills, calendars, refresh, onLeave }: FormProps) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [form] = Form.useForm<QueueFields>();
  const [start] = useState<QueueFields>(() => (known === null ? NEW_QUEUE : fieldsOf(known)));
  const [now, setNow] = useState(start);
  const [touched, setTouched] = useState(false);
  const { saving, stale, why } = useSaving(
    form,
    (fields: QueueFields) => saveQueue(known, fields),
    (saved) => {
      void message.success(t('form.saved'));
      cache.setQueryData(queueQuery(saved.id).queryKey, saved);
      void cache.invalidateQueries({ queryKey: ['routing-settings', 'queues'] });
      onLeave();
    },
  );
  const names = {
    skill: (code: string) => skills.find((skill) => skill.code === code)?.name ?? code,
    queue: (id: string) => queues.find((queue) => queue.id === id)?.name ?? '…',
    calendar: (id: string) => calendars.find((calendar) => calendar.id === id)?.name ?? '…',
  };
  return (
    <Form<QueueFields>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={start}
      onValuesChange={(_, all) => {
        setTouched(true);
        setNow(complete(all, start));
      }}
      onFinish={(all) => saving.mutate(complete(all, start))}
      scrollToFirstError={{ block: 'center' }}
    >
      <h2 className="cl-page-title" style={{ marginBottom: 16 }}>
        {known === null ? t('queues.new') : known.name}
      </h2>
      <div className={styles.sides}>
        <div>
          <QueueFormFields isNew={known === null} queueId={known?.id ?? null} now={now} skills={skills} queues={queues} calendars={calendars} />
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
            {touched && <span className="cl-note cl-muted">{t('form.unsaved')}</span>}
          </div>
        </div>
        <PlainWords queue={now} names={names} />
      </div>
    </Form>
  );
}

const fieldsOf = (queue: QueueSettingsShown): QueueFields => without(queue, 'id', 'version');

/** What the form holds, with what it does not show as it was; a queue to go to belongs to that way of overflow only. */
function complete(all: QueueFields, start: QueueFields): QueueFields {
  const rules = { ...start.rules, ...all.rules };
  return {
    ...start,
    ...all,
    needs: (all.needs as Partial<Need>[]).map((need) => ({ skill: need.skill ?? '', level: need.level ?? 1 })),
    rules: { ...rules, overflow_to: rules.overflow === 'queue' ? (rules.overflow_to ?? null) : null, calendar_id: rules.calendar_id ?? null, max_waiting: rules.max_waiting ?? null, max_wait_s: rules.max_wait_s ?? null },
  };
}
