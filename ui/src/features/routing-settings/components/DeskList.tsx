import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Form, Input, Select, Table, type TableColumnsType } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { DeskShown, DeskWanted } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { queuesQuery } from '../api/queues';
import { desksQuery, removeDesk, saveDesk } from '../api/staff';
import { useSaving } from '@/design/useSaving';
import { messages } from '../messages';
import styles from './Settings.module.css';

const LEVELS = ['diamond', 'gold', 'silver', 'standard'] as const;

/** Dedicated desks: agents kept for some queues or kinds of customers. */
export function DeskList() {
  const t = useMessages(messages);
  const { modal, message } = App.useApp();
  const sentence = useErrorSentence();
  const cache = useQueryClient();
  const desks = useQuery(desksQuery);
  const queues = useQuery(queuesQuery());
  const [open, setOpen] = useState<DeskShown | 'new' | null>(null);
  const options = (queues.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const kindName = (code: string) => LEVELS.find((level) => level === code) ?? null;
  const remove = useMutation({
    mutationFn: (id: string) => removeDesk(id),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['routing-settings'] }),
    onError: (error) => void message.error(sentence(error)),
  });
  const ask = async ({ id, name }: DeskShown) => {
    const sure = await modal.confirm({ title: t('desks.remove_sure', { name }), okText: t('desks.remove', { name }), cancelText: t('form.cancel'), okButtonProps: { danger: true } });
    if (sure) remove.mutate(id);
  };
  const columns: TableColumnsType<DeskShown> = [
    {
      title: t('field.name'),
      render: (_, desk) => (
        <Button type="link" className={styles.open} onClick={() => setOpen(desk)}>
          {desk.name}
        </Button>
      ),
    },
    { title: t('desks.queues'), render: (_, desk) => desk.queues.map((id) => options.find(({ value }) => value === id)?.label ?? '…').join(t('words.list')) || t('desks.any_queue') },
    {
      title: t('desks.kinds'),
      render: (_, desk) =>
        desk.kinds
          .map((code) => {
            const level = kindName(code);
            return level === null ? code : t(`level.${level}`);
          })
          .join(t('words.list')) || t('desks.any_kind'),
    },
    {
      title: '',
      width: 60,
      align: 'right',
      render: (_, desk) => <Button type="text" size="small" aria-label={t('desks.remove', { name: desk.name })} icon={<Trash2 size={14} aria-hidden />} onClick={() => void ask(desk)} />,
    },
  ];
  return (
    <section aria-label={t('desks.title')}>
      {!desks.isError && (
        <div className={styles.top}>
          <Button type="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setOpen('new')}>
            {t('desks.new')}
          </Button>
        </div>
      )}
      <p className="cl-note cl-secondary" style={{ marginBottom: 12 }}>{t('desks.how')}</p>
      {desks.isError && <ErrorPanel what={t('desks.title')} error={desks.error} retry={() => void desks.refetch()} />}
      {desks.isPending && <Loading what={t('desks.title')} rows={4} />}
      {desks.data?.length === 0 && <EmptyPanel>{t('desks.empty')}</EmptyPanel>}
      {desks.data !== undefined && desks.data.length > 0 && <Table<DeskShown> className={styles.table} size="small" rowKey="id" columns={columns} dataSource={desks.data} pagination={false} />}
      {open !== null && <DeskDrawer desk={open === 'new' ? null : open} queues={options} onClose={() => setOpen(null)} />}
    </section>
  );
}

function DeskDrawer({ desk, queues, onClose }: { desk: DeskShown | null; queues: { value: string; label: string }[]; onClose: () => void }) {
  const t = useMessages(messages);
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<DeskWanted>();
  const { saving, stale, why } = useSaving(
    form,
    (fields: DeskWanted) => saveDesk(desk, fields),
    () => {
      void message.success(t('form.saved'));
      void cache.invalidateQueries({ queryKey: ['routing-settings'] });
      onClose();
    },
  );
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ['routing-settings'] });
    onClose();
  };
  return (
    <Drawer
      title={desk === null ? t('desks.new') : desk.name}
      open
      onClose={onClose}
      size={420}
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
      <Form<DeskWanted> form={form} layout="vertical" requiredMark={false} initialValues={{ name: desk?.name ?? '', queues: desk?.queues ?? [], kinds: desk?.kinds ?? [] }} onFinish={(fields) => saving.mutate(fields)}>
        <Form.Item name="name" label={t('field.name')} rules={[{ required: true, whitespace: true, message: t('field.needed') }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="queues" label={t('desks.queues')}>
          <Select mode="multiple" placeholder={t('desks.any_queue')} options={queues} />
        </Form.Item>
        <Form.Item name="kinds" label={t('desks.kinds')} extra={t('desks.kinds_hint')}>
          <Select mode="tags" placeholder={t('desks.any_kind')} options={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
