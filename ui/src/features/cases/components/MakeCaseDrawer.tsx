import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Form, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { CaseType } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { dropDraft, readDraft, saveDraft } from '@/shared/storage/drafts';
import { forgetName, nameFor } from '@/shared/storage/sentNames';
import { CASE_TYPES, makeCase } from '../api/cases';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);
const MAX_TITLE = 120;
const MAX_TEXT = 8000;

interface Fields {
  type: CaseType;
  title: string;
  text: string;
}

const EMPTY: Fields = { type: 'consultation', title: '', text: '' };

interface Props {
  open: boolean;
  onClose: () => void;
  customer: { id: string; name: string } | null;
  interactionId: string | null;
  onMade: () => void;
  /** Over the customer's column only: what belongs to the call or chat stays in sight and in reach. */
  beside: boolean;
}

const COLUMN = 388;

/** A case out of a contact. What is typed is kept until it is made, also when the drawer is closed. */
export function MakeCaseDrawer({ open, onClose, customer, interactionId, onMade, beside }: Props) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const key = `case.${interactionId ?? customer?.id ?? 'new'}`;
  const [draft] = useState(() => draftOf(key));
  const make = useMutation({
    mutationKey: [key],
    mutationFn: ({ type, title, text }: Fields) => {
      const wanted = { type, title: title.trim(), text: text.trim(), customer_id: customer?.id ?? null, interaction_id: interactionId };
      return makeCase({ ...wanted, client_id: nameFor(wanted, key) });
    },
    onSuccess: (made) => {
      dropDraft(key);
      forgetName(key);
      form.setFieldsValue(EMPTY);
      void queries.invalidateQueries({ queryKey: ['cases'] });
      void message.success(t('make.done', { number: made.number }));
      onMade();
    },
  });

  return (
    <Drawer
      title={t('make.title')}
      open={open}
      onClose={onClose}
      size={beside ? COLUMN : 440}
      mask={!beside}
      destroyOnHidden
      footer={
        <div className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('make.cancel')}</Button>
          <Button type="primary" loading={make.isPending} onClick={() => form.submit()}>
            {t('make.submit')}
          </Button>
        </div>
      }
    >
      <p className="cl-secondary" style={{ marginBottom: 16 }}>
        {customer === null ? t('make.for_nobody') : t('make.for', { name: customer.name })}
      </p>
      {make.isError && <Alert type="error" showIcon title={t('make.failed', { why: sentence(make.error) })} style={{ marginBottom: 16 }} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={draft}
        onValuesChange={(_, all) => saveDraft(key, all)}
        onFinish={(fields) => {
          // Enter in the title sends it, too, also while it is being sent.
          if (queries.isMutating({ mutationKey: [key] }) === 0) make.mutate(fields);
        }}
      >
        <Form.Item name="type" label={t('field.type')}>
          <Segmented block options={CASE_TYPES.map((type) => ({ value: type, label: t(`type.${type}`) }))} />
        </Form.Item>
        <Form.Item name="title" label={t('field.title')} rules={[{ required: true, whitespace: true, message: t('make.title_needed') }]}>
          <Input maxLength={MAX_TITLE} placeholder={t('make.title_hint')} />
        </Form.Item>
        <Form.Item name="text" label={t('field.text')} rules={[{ required: true, whitespace: true, message: t('make.text_needed') }]}>
          <Input.TextArea autoSize={{ minRows: 6, maxRows: 16 }} maxLength={MAX_TEXT} placeholder={t('make.text_hint')} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}

function draftOf(key: string): Fields {
  const draft = readDraft(key);
  if (typeof draft !== 'object' || draft === null) return EMPTY;
  const { type, title, text } = draft as Partial<Fields>;
  return {
    ...EMPTY,
    ...(type !== undefined && (CASE_TYPES as readonly CaseType[]).includes(type) ? { type } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof text === 'string' ? { text } : {}),
  };
}
