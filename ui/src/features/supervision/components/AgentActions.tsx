import { useMutation } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Select, Segmented } from 'antd';
import { useState } from 'react';
import { StateGlyph, useStateName } from '@/design/AgentState';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Chosen, OrderedState } from '@/shared/api/generated/types.gen';
import { useReasons } from '@/shared/agents/useReasons';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { setState, signOut } from '../api/orders';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Supervision.module.css';

const messages = catalogue(zh, en);
const CHOICES = ['ready', 'not_ready', 'offline'] as const satisfies readonly Chosen[];
const NOTE_MAX = 200;

const USUAL = 'meeting';

interface Agent {
  id: string;
  name: string;
  /** Contacts in hand, which an agent who is signed out leaves behind. */
  inHand: number;
}

/** Set an agent's state, or sign them out: always with words that they read. */
export function AgentActions({ agent }: { agent: Agent }) {
  const t = useMessages(messages);
  return (
    <section aria-label={t('orders.title')} className={styles.actions}>
      <h3 className="cl-strong">{t('orders.title')}</h3>
      <p className="cl-note cl-muted">{t('orders.told', { name: agent.name })}</p>
      <SetState agent={agent} />
    </section>
  );
}

interface Fields {
  chosen: Chosen;
  reason: NonNullable<OrderedState['reason']>;
  note: string;
}

function SetState({ agent }: { agent: Agent }) {
  const t = useMessages(messages);
  const name = useStateName();
  const sentence = useErrorSentence();
  const { message, modal } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const [chosen, setChosen] = useState<Chosen>('not_ready');
  const done = (text: string) => {
    form.resetFields(['note']);
    void message.success(text);
  };
  const set = useMutation({
    mutationFn: (fields: Fields) =>
      setState(agent.id, { chosen: fields.chosen, reason: fields.chosen === 'not_ready' ? fields.reason : null, note: fields.note.trim() }),
    onSuccess: (now) => done(t('orders.done', { name: agent.name, state: name(now.chosen) })),
  });
  const out = useMutation({
    mutationFn: (note: string) => signOut(agent.id, note),
    onSuccess: () => done(t('orders.signed_out', { name: agent.name })),
  });
  const failed = set.error ?? out.error;

  const { reasons, nameOf } = useReasons();
  // What a supervisor sets somebody not ready for, mostly; a centre without it has another first.
  const usual = reasons.length === 0 || reasons.some(({ code }) => code === USUAL) ? USUAL : reasons[0]?.code;
  const askToSignOut = async () => {
    const { note } = await form.validateFields(['note']);
    const sure = await modal.confirm({
      title: t('orders.sign_out_sure', { name: agent.name }),
      content: agent.inHand > 0 ? t('orders.sign_out_in_hand', { n: agent.inHand }) : t('orders.sign_out_what'),
      okText: t('orders.sign_out'),
      cancelText: t('orders.cancel'),
      okButtonProps: { danger: true },
    });
    if (sure) out.mutate(note.trim());
  };

  return (
    <Form<Fields>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ chosen: 'not_ready', reason: usual, note: '' }}
      onValuesChange={(changed) => changed.chosen !== undefined && setChosen(changed.chosen)}
      onFinish={(fields) => set.mutate(fields)}
    >
      {failed !== null && <Alert type="error" showIcon title={sentence(failed)} style={{ marginBottom: 12 }} />}
      <Form.Item name="chosen" label={t('orders.state')}>
        <Segmented
          block
          options={CHOICES.map((value) => ({
            value,
            label: (
              <span className="cl-row" style={{ gap: 6, justifyContent: 'center' }}>
                <StateGlyph state={value} size={12} />
                {name(value)}
              </span>
            ),
          }))}
        />
      </Form.Item>
      {chosen === 'not_ready' && (
        <Form.Item name="reason" label={t('orders.reason')} rules={[{ required: true, message: t('orders.reason_needed') }]}>
          <Select options={reasons.map(({ code }) => ({ value: code, label: nameOf(code) }))} />
        </Form.Item>
      )}
      <Form.Item name="note" label={t('orders.note')} rules={[{ required: true, whitespace: true, message: t('orders.note_needed') }]}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 4 }} maxLength={NOTE_MAX} showCount placeholder={t('orders.note_hint')} />
      </Form.Item>
      <div className="cl-row" style={{ gap: 8, justifyContent: 'space-between' }}>
        <Button danger loading={out.isPending} onClick={() => void askToSignOut().catch(() => undefined)}>
          {t('orders.sign_out')}
        </Button>
        <Button type="primary" htmlType="submit" loading={set.isPending}>
          {t('orders.set')}
        </Button>
      </div>
    </Form>
  );
}
