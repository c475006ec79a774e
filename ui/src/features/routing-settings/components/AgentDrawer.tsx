import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Form, Input, InputNumber, Rate, Select, Switch } from 'antd';
import { useDeferredValue, useState } from 'react';
import { ErrorPanel } from '@/design/panels';
import type { AgentSettingsShown, DeskShown, QueueSettingsShown, SkillShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { appointAgent, changeAgent, NEW_AGENT, usersQuery, type AgentFields } from '../api/staff';
import { useSaving } from '@/design/useSaving';
import { messages } from '../messages';
import { without } from '../model/without';
import styles from './Settings.module.css';

interface Props {
  /** Null for a user who shall be one. */
  agent: AgentSettingsShown | null;
  skills: readonly SkillShown[];
  desks: readonly DeskShown[];
  queues: readonly QueueSettingsShown[];
  known: readonly AgentSettingsShown[];
  onClose: () => void;
}

type Fields = AgentFields & { user_id?: string; number?: string };

/** Everything that is set of one agent; in force as soon as it is saved. */
export function AgentDrawer({ agent, skills, desks, queues, known, onClose }: Props) {
  const t = useMessages(messages);
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const [start] = useState<Fields>(() => ({ ...NEW_AGENT, ...(agent === null ? {} : without(agent, 'id', 'version', 'display_name', 'number')) }));
  const { saving, stale, why } = useSaving(
    form,
    (fields: Fields) => {
      const settings = settingsOf(fields);
      return agent === null ? appointAgent(fields.user_id ?? '', fields.number ?? '', settings) : changeAgent(agent, settings);
    },
    () => {
      void message.success(t('form.saved'));
      void cache.invalidateQueries({ queryKey: ['routing-settings'] });
      onClose();
    },
  );
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ['routing-settings', 'agents'] });
    onClose();
  };
  return (
    <Drawer
      title={agent === null ? t('agents.new') : `${agent.display_name} ${agent.number}`}
      open
      onClose={onClose}
      size={480}
      footer={
        <div className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="primary" loading={saving.isPending} onClick={() => form.submit()}>
            {t('form.save')}
          </Button>
        </div>
      }
    >
      {why !== '' && <Alert type="error" showIcon title={t('form.failed', { why })} action={stale ? <Button size="small" onClick={refresh}>{t('form.theirs')}</Button> : undefined} style={{ marginBottom: 16 }} />}
      <Form<Fields> form={form} layout="vertical" requiredMark={false} initialValues={start} onFinish={(fields) => saving.mutate(fields)}>
        {agent === null && <WhoFields known={known} />}
        <div className={styles.pair}>
          <Form.Item name={['capacity', 'voice']} label={t('agent.calls')}>
            <InputNumber min={0} max={1} precision={0} />
          </Form.Item>
          <Form.Item name={['capacity', 'chat']} label={t('agent.chats')} extra={t('agent.or')}>
            <InputNumber min={0} max={10} precision={0} />
          </Form.Item>
          <Form.Item name={['capacity', 'message']} label={t('agent.messages')}>
            <InputNumber min={0} max={5} precision={0} />
          </Form.Item>
        </div>
        <h3 className="cl-strong">{t('agent.skills')}</h3>
        {/* What the server says of skills as a whole. */}
        <Form.Item name="skills" noStyle>
          <Levels skills={skills} />
        </Form.Item>
        <Form.Item name="queues" label={t('agent.queues')} extra={t('agent.queues_hint')} style={{ marginTop: 16 }}>
          <Select mode="multiple" allowClear placeholder={t('agent.all_queues')} options={queues.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item name="desk_id" label={t('agent.desk')} extra={t('agent.desk_hint')}>
          <Select allowClear placeholder={t('agent.no_desk')} options={desks.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item name="active" label={t('agent.active')} valuePropName="checked">
          <Switch />
        </Form.Item>
      </Form>
    </Drawer>
  );
}

function WhoFields({ known }: { known: readonly AgentSettingsShown[] }) {
  const t = useMessages(messages);
  const [words, setWords] = useState('');
  const users = useQuery(usersQuery(useDeferredValue(words.trim())));
  const free = (users.data ?? []).filter(({ id }) => !known.some((agent) => agent.id === id));
  if (users.isError && users.data === undefined) return <ErrorPanel what={t('agent.user')} error={users.error} retry={() => void users.refetch()} />;
  return (
    <div className={styles.pair}>
      <Form.Item name="user_id" label={t('agent.user')} rules={[{ required: true, message: t('field.needed') }]}>
        <Select showSearch={{ filterOption: false, onSearch: setWords }} loading={users.isFetching} options={free.map(({ id, login, display_name }) => ({ value: id, label: `${display_name} ${login}` }))} />
      </Form.Item>
      <Form.Item name="number" label={t('agent.number')} extra={t('agent.number_hint')} rules={[{ required: true, message: t('field.needed') }]}>
        <Input inputMode="numeric" maxLength={8} />
      </Form.Item>
    </div>
  );
}

interface LevelsProps {
  skills: readonly SkillShown[];
  value?: Record<string, number>;
  onChange?: (levels: Record<string, number>) => void;
}

/** A level for each skill; the same star once more takes it away. */
function Levels({ skills, value = {}, onChange }: LevelsProps) {
  return (
    <div className={styles.lines}>
      {skills.map(({ code, name }) => (
        <div key={code} className={styles.line}>
          <span className={styles.skill}>{name}</span>
          <Rate aria-label={name} value={value[code] ?? 0} onChange={(level) => onChange?.({ ...value, [code]: level })} />
        </div>
      ))}
    </div>
  );
}

function settingsOf(fields: Fields): AgentFields {
  const { voice, chat, message } = fields.capacity;
  return {
    capacity: { voice: voice ?? 0, chat: chat ?? 0, message: message ?? 0 },
    skills: Object.fromEntries(Object.entries(fields.skills).filter(([, level]) => level > 0)),
    queues: fields.queues !== null && fields.queues.length > 0 ? fields.queues : null,
    desk_id: fields.desk_id ?? null,
    active: fields.active,
  };
}
