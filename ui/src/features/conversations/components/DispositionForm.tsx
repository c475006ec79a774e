import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Form, Input, Select } from 'antd';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Disposition, QueueName } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { addDisposition, changeDisposition } from '../api/dispositions';
import { nameOf } from '../model/dispositions';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);

interface Props {
  /** The one to change, or null to put another below `parent`. */
  code: Disposition | null;
  /** From the category to the code above; empty for a category. */
  above: readonly Disposition[];
  queues: readonly QueueName[];
  onClose: () => void;
}

interface Fields {
  name: string;
  name_en: string;
  code: string;
  queue_ids: string[];
}

const FIELDS = ['name', 'name_en', 'code', 'queue_ids'] as const;

/** A code of the tree. What was typed stays when it is refused. */
export function DispositionForm({ code, above, queues, onClose }: Props) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const [form] = Form.useForm<Fields>();
  const again = () => {
    void queries.invalidateQueries({ queryKey: ['dispositions'] });
    onClose();
  };
  const save = useMutation({
    mutationKey: ['disposition'],
    mutationFn: (wanted: Fields) => {
      const { name, name_en, queue_ids } = wanted;
      if (code !== null) return changeDisposition(code.code, { name, name_en, queue_ids, version: code.version });
      return addDisposition({ name, name_en, queue_ids, parent: above.at(-1)?.code ?? null, code: wanted.code.trim() || null });
    },
    onSuccess: again,
    onError: (error) => {
      const field = error instanceof Problem ? FIELDS.find((one) => one === error.field) : undefined;
      if (field !== undefined) form.setFields([{ name: field, errors: [sentence(error)] }]);
    },
  });
  const beside = save.error instanceof Problem && FIELDS.some((one) => one === (save.error as Problem).field);
  const overtaken = save.error instanceof Problem && save.error.code === 'disposition-changed';
  const needed = [{ required: true, whitespace: true, message: t('replies.needed') }];
  const level = above.length as 0 | 1 | 2;
  return (
    <Drawer
      title={t(code === null ? `codes.add.${level}` : 'codes.edit')}
      open
      onClose={onClose}
      size={480}
      footer={
        <div className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('replies.cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {t('replies.save')}
          </Button>
        </div>
      }
    >
      {save.isError && !beside && (
        <Alert
          type="error"
          showIcon
          title={t('replies.failed', { why: sentence(save.error) })}
          action={overtaken && <Button size="small" onClick={again}>{t('replies.again')}</Button>}
          style={{ marginBottom: 16 }}
        />
      )}
      {above.length > 0 && (
        <p className="cl-muted" style={{ marginBottom: 12 }}>
          {t('codes.below', { way: above.map((one) => nameOf(one, t.language)).join(' › ') })}
        </p>
      )}
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={code === null ? { name: '', name_en: '', code: '', queue_ids: [] } : { ...code }}
        onFinish={(wanted) => {
          if (queries.isMutating({ mutationKey: ['disposition'] }) === 0) save.mutate(wanted);
        }}
      >
        <Form.Item name="name" label={t('codes.name')} rules={needed}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="name_en" label={t('codes.name_en')} rules={needed}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="code" label={t('codes.code')} extra={t(code === null ? 'codes.code_hint' : 'codes.code_stays')}>
          <Input maxLength={64} disabled={code !== null} />
        </Form.Item>
        <Form.Item name="queue_ids" label={t('codes.queues')} extra={t('codes.queues_hint')}>
          <Select mode="multiple" allowClear placeholder={t('codes.all_queues')} options={queues.map(({ id, name }) => ({ value: id, label: name }))} showSearch={{ optionFilterProp: 'label' }} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
