import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Modal } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { useMessages } from '@/shared/i18n/useMessages';
import { bringIn, FLOWS, makeFlow } from '../api/flows';
import { messages } from '../messages';
import type { Definition } from '../model/definition';
import { FilePicker } from './FilePicker';
import styles from './FlowList.module.css';

/** What a new flow begins with: a greeting whose words are to be written, and an end. */
const FIRST: Definition = { start: 'say', safety: 'hang-up', steps: { say: { kind: 'say', text: {}, next: 'hang-up' }, 'hang-up': { kind: 'hang_up' } } };

/** Makes a flow, or brings one in from a file. */
export function NewFlow({ onMade }: { onMade: (code: string) => void }) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const made = ({ code }: { code: string }) => {
    void queries.invalidateQueries({ queryKey: FLOWS });
    onMade(code);
  };
  const making = useMutation({ mutationFn: ({ code, name }: { code: string; name: string }) => makeFlow(code, name, FIRST), onSuccess: made });
  const bringing = useMutation({ mutationFn: bringIn, onSuccess: made, onError: (error) => void message.error(sentence(error)) });
  const [form] = Form.useForm<{ code: string; name: string }>();
  return (
    <span className={styles.make}>
      <FilePicker label={t('file.bring_in')} loading={bringing.isPending} onFile={(file) => bringing.mutate(file)} />
      <Button type="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setOpen(true)}>
        {t('flows.new')}
      </Button>
      <Modal open={open} title={t('flows.new')} okText={t('flows.new.make')} cancelText={t('form.cancel')} confirmLoading={making.isPending} onOk={() => form.submit()} onCancel={() => setOpen(false)} destroyOnHidden>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => making.mutate(fields)}>
          <Form.Item name="name" label={t('flow.name')} rules={[{ required: true, whitespace: true, message: t('flows.needed') }]}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="code" label={t('flows.new.code')} extra={t('flows.new.code_hint')} rules={[{ required: true, message: t('flows.needed') }, { pattern: /^[a-z][a-z0-9-]{0,39}$/, message: t('flows.code_wrong') }]}>
            <Input maxLength={40} />
          </Form.Item>
        </Form>
        {making.isError && <Alert type="error" showIcon title={sentence(making.error)} />}
      </Modal>
    </span>
  );
}
