import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Form, InputNumber, Space, Switch } from 'antd';
import { ErrorPanel, Loading } from '@/design/panels';
import type { MediaRulesShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { mediaRulesQuery, saveMediaRules } from '../api/staff';
import { useSaving } from '@/design/useSaving';
import { messages } from '../messages';
import styles from './Settings.module.css';

type Fields = Pick<MediaRulesShown, 'call_beside_chats' | 'message_interrupted_by' | 'message_beside_after_s'>;
const INTERRUPTING = ['voice', 'chat'] as const;

/** What an agent may have in hand at the same time, and what a left message gives way to. */
export function MediaRulesForm() {
  const t = useMessages(messages);
  const rules = useQuery(mediaRulesQuery);
  if (rules.isError && rules.data === undefined) return <ErrorPanel what={t('media_rules.title')} error={rules.error} retry={() => void rules.refetch()} />;
  if (rules.data === undefined) return <Loading what={t('media_rules.title')} rows={4} />;
  return <Rules key={rules.data.version} known={rules.data} refresh={() => void rules.refetch()} />;
}

function Rules({ known, refresh }: { known: MediaRulesShown; refresh: () => void }) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const { saving, stale, why } = useSaving(
    form,
    (fields: Fields) => saveMediaRules({ ...fields, version: known.version }),
    (saved) => {
      void message.success(t('form.saved'));
      cache.setQueryData(mediaRulesQuery.queryKey, saved);
    },
  );
  return (
    <Form<Fields> form={form} layout="vertical" initialValues={known} onFinish={(fields) => saving.mutate(fields)} style={{ maxInlineSize: 640 }}>
      <p className="cl-note cl-secondary" style={{ marginBottom: 16 }}>{t('media_rules.how')}</p>
      <Form.Item name="call_beside_chats" label={t('media_rules.beside')} valuePropName="checked" extra={t('media_rules.beside_off')}>
        <Switch />
      </Form.Item>
      <Form.Item name="message_interrupted_by" label={t('media_rules.interrupts')} extra={t('media_rules.interrupts_how')}>
        <Checkbox.Group options={INTERRUPTING.map((value) => ({ value, label: t(`media.${value}`) }))} />
      </Form.Item>
      <Form.Item label={t('media_rules.beside_chats')} htmlFor="message_beside_after_s" extra={t('media_rules.beside_chats_how')}>
        <Space>
          <Form.Item name="message_beside_after_s" noStyle getValueProps={(seconds: number | null) => ({ value: seconds === null ? null : minutesOf(seconds) })} normalize={(minutes: number | null) => (minutes === null ? null : Math.round(minutes * 60))}>
            <InputNumber min={0} max={1440} precision={2} />
          </Form.Item>
          {t('unit.minutes')}
        </Space>
      </Form.Item>
      <p className="cl-secondary" aria-live="polite">{t('media_rules.in_words', { rule: inWords(known).map(({ word, minutes }) => t(`media_rules.words.${word}`, { minutes })).join(' · ') })}</p>
      {why !== '' && <Alert type="error" showIcon title={t('form.failed', { why })} action={stale ? <Button size="small" onClick={refresh}>{t('form.theirs')}</Button> : undefined} style={{ marginTop: 12 }} />}
      <div className={styles.bar} style={{ marginTop: 16 }}>
        <Button type="primary" htmlType="submit" loading={saving.isPending}>
          {t('form.save')}
        </Button>
      </div>
    </Form>
  );
}

/** Near enough to be the same second again, whoever set it in seconds. */
const minutesOf = (seconds: number) => Math.round((seconds / 60) * 100) / 100;

/** What is set, word by word. */
function inWords(known: Fields) {
  const after = known.message_beside_after_s;
  return ([known.call_beside_chats ? 'beside' : 'apart', interrupting(known), after === null ? 'messages_never' : 'messages_after'] as const).map((word) => ({ word, minutes: minutesOf(after ?? 0) }));
}

function interrupting({ message_interrupted_by: by }: Fields): 'none' | 'both' | 'voice' | 'chat' {
  const [first] = INTERRUPTING.filter((media) => by.includes(media));
  if (first === undefined) return 'none';
  return INTERRUPTING.every((media) => by.includes(media)) ? 'both' : first;
}
