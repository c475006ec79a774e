import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Form, Input, Popconfirm, Select } from 'antd';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { QuickReply, QuickReplyWanted } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { addOwnReply, addReply, changeOwnReply, changeReply, forgetOwnReply } from '../api/quickReplies';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);
const LANGUAGES = ['zh-CN', 'en'] as const;
const VARIABLES = '{surname} {agent} {number} {tenant} {queue}';

interface Props {
  /** The one to change; null makes another. */
  reply: QuickReply | null;
  /** One's own, which nobody else sees; else everybody's. */
  own?: boolean;
  onClose: () => void;
}

/** Words for answers, everybody's or one's own. What was typed stays when it is refused. */
export function QuickReplyForm({ reply, own = false, onClose }: Props) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const [form] = Form.useForm<QuickReplyWanted>();
  const save = useMutation({
    mutationKey: ['quick-reply'],
    mutationFn: (wanted: QuickReplyWanted) => {
      if (reply === null) return own ? addOwnReply(wanted) : addReply(wanted);
      return (own ? changeOwnReply : changeReply)(reply.id, reply.version, wanted);
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['quick-replies'] });
      onClose();
    },
  });
  const forget = useMutation({
    mutationFn: (id: string) => forgetOwnReply(id),
    onSuccess: () => again(),
  });
  const overtaken = save.error instanceof Problem && save.error.code === 'quick-reply-changed';
  const again = () => {
    void queries.invalidateQueries({ queryKey: ['quick-replies'] });
    onClose();
  };
  const needed = [{ required: true, whitespace: true, message: t('replies.needed') }];
  return (
    <Drawer
      title={t(reply === null ? 'replies.add' : 'replies.edit')}
      open
      onClose={onClose}
      size={520}
      footer={
        <div className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
          {own && reply !== null && (
            <Popconfirm title={t('replies.forget_ask', { title: reply.title })} okText={t('replies.forget')} cancelText={t('replies.cancel')} onConfirm={() => forget.mutate(reply.id)}>
              <Button danger loading={forget.isPending}>
                {t('replies.forget')}
              </Button>
            </Popconfirm>
          )}
          <span className="cl-grow" />
          <Button onClick={onClose}>{t('replies.cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {t('replies.save')}
          </Button>
        </div>
      }
    >
      {(save.isError || forget.isError) && (
        <Alert
          type="error"
          showIcon
          title={t('replies.failed', { why: sentence(save.error ?? forget.error) })}
          action={overtaken && <Button size="small" onClick={again}>{t('replies.again')}</Button>}
          style={{ marginBottom: 16 }}
        />
      )}
      <Form<QuickReplyWanted>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={reply ?? { group: '', language: 'zh-CN', title: '', text: '' }}
        onFinish={({ group, language, title, text }) => {
          if (queries.isMutating({ mutationKey: ['quick-reply'] }) === 0) save.mutate({ group, language, title, text });
        }}
      >
        <Form.Item name="title" label={t('replies.title')} rules={needed}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="group" label={t('replies.group')} rules={needed}>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="language" label={t('replies.language')}>
          <Select options={LANGUAGES.map((value) => ({ value, label: t(`replies.in.${value}`) }))} />
        </Form.Item>
        <Form.Item name="text" label={t('replies.text')} rules={needed} extra={t('replies.hint', { variables: VARIABLES })}>
          <Input.TextArea autoSize={{ minRows: 5, maxRows: 14 }} maxLength={2000} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
