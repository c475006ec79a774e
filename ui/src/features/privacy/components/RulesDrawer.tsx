import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Form, InputNumber, Switch } from 'antd';
import { useErrorSentence } from '@/design/useErrorSentence';
import { ErrorPanel, Loading } from '@/design/panels';
import type { DataRequestRules } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { rulesQuery, setRules } from '../api/requests';
import { messages } from '../messages';

const DAYS = ['due_days', 'recording_days', 'complaint_days'] as const;
const MOST_COPIES = 1000;
type Fields = Required<Omit<DataRequestRules, 'version'>>;

/** How many days there are for an answer and for what must be kept, and how copies are handed out. */
export function RulesDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useMessages(messages);
  const rules = useQuery({ ...rulesQuery, enabled: open });
  return (
    <Drawer title={t('rules.open')} open={open} onClose={onClose} size={440} destroyOnHidden>
      {rules.isError && <ErrorPanel what={t('rules.open')} error={rules.error} retry={() => void rules.refetch()} />}
      {rules.isPending && open && <Loading what={t('rules.open')} rows={3} />}
      {rules.data !== undefined && <Rules key={rules.data.version} rules={rules.data} onDone={onClose} />}
    </Drawer>
  );
}

function Rules({ rules, onDone }: { rules: DataRequestRules; onDone: () => void }) {
  const t = useMessages(messages);
  const may = useMay();
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (fields: Fields) => setRules({ ...fields, version: rules.version }),
    onSuccess: (stored) => {
      queries.setQueryData(rulesQuery.queryKey, stored);
      onDone();
    },
  });
  return (
    <Form<Fields> layout="vertical" requiredMark={false} initialValues={rules} disabled={!may('data-request:decide')} onFinish={(fields) => save.mutate(fields)}>
      {save.isError && <Alert type="error" showIcon title={sentence(save.error)} style={{ marginBlockEnd: 16 }} />}
      {DAYS.map((field) => (
        <Form.Item key={field} name={field} label={t(`rules.${field}`)} extra={t(`rules.${field}_help`)} rules={[{ required: true, message: t('rules.needed') }]}>
          <InputNumber min={field === 'due_days' ? 1 : 0} max={3650} precision={0} suffix={t('rules.days')} style={{ inlineSize: 160 }} />
        </Form.Item>
      ))}
      <Form.Item name="copies_a_day" label={t('rules.copies_a_day')} extra={t('rules.copies_a_day_help')} rules={[{ required: true, message: t('rules.copies_needed') }]}>
        <InputNumber min={1} max={MOST_COPIES} precision={0} suffix={t('rules.copies')} style={{ inlineSize: 160 }} />
      </Form.Item>
      <Form.Item name="copies_decided" label={t('rules.copies_decided')} extra={t('rules.copies_decided_help')} valuePropName="checked">
        <Switch />
      </Form.Item>
      {may('data-request:decide') ? (
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('rules.save')}
        </Button>
      ) : (
        <p className="cl-secondary">{t('rules.somebody_else')}</p>
      )}
    </Form>
  );
}
