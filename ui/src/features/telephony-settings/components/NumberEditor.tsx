import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Select } from 'antd';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { NumberChoices, NumberShown, NumberWanted } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { choicesQuery, numberQuery, NUMBERS, removeNumber, saveNumber } from '../api/numbers';
import { useSaving } from '@/design/useSaving';
import { messages } from '../messages';
import { RuleFields } from './RuleFields';
import styles from './Settings.module.css';

interface Props {
  /** `new` for one that is not there yet. */
  numberId: string;
  onLeave: () => void;
}

/** One number: what it is called, where it leads, and by which rules elsewhere. */
export function NumberEditor({ numberId, onLeave }: Props) {
  const t = useMessages(messages);
  const isNew = numberId === 'new';
  const number = useQuery({ ...numberQuery(numberId), enabled: !isNew });
  const choices = useQuery(choicesQuery);
  const failed = [number, choices].find((one) => one.isError && one.data === undefined);
  if (failed !== undefined) return <ErrorPanel what={t('numbers.title')} error={failed.error} retry={() => void failed.refetch()} />;
  if (choices.data === undefined || (!isNew && number.data === undefined)) return <Loading what={t('numbers.title')} rows={6} />;
  const known = isNew ? null : (number.data ?? null);
  return <NumberForm key={known?.version ?? 0} known={known} choices={choices.data} refresh={() => void number.refetch()} onLeave={onLeave} />;
}

interface FormProps {
  known: NumberShown | null;
  choices: NumberChoices;
  refresh: () => void;
  onLeave: () => void;
}

function NumberForm({ known, choices, refresh, onLeave }: FormProps) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const cache = useQueryClient();
  const { message, modal } = App.useApp();
  const sentence = useErrorSentence();
  const [form] = Form.useForm<NumberWanted>();
  const over = (said: string) => {
    void message.success(said);
    void cache.invalidateQueries({ queryKey: NUMBERS });
    onLeave();
  };
  const { saving, stale, why } = useSaving(form, (fields: NumberWanted) => saveNumber(known, fields), () => over(t('form.saved')));
  const removing = useMutation({ mutationFn: removeNumber, onSuccess: () => over(t('number.removed')), onError: (error) => void message.error(sentence(error)) });
  const ask = async (number: NumberShown) => {
    const sure = await modal.confirm({
      title: t('number.remove_sure', { number: number.number }),
      content: t('number.remove_what'),
      okText: t('number.remove'),
      cancelText: t('form.cancel'),
      okButtonProps: { danger: true },
    });
    if (sure) removing.mutate(number);
  };
  const flows = choices.flows.map(({ code, name }) => ({ value: code, label: name }));
  const gone = (known?.not_published ?? []).map((code) => ({ value: code, label: code, disabled: true }));
  const start = { number: known?.number ?? '', name: known?.name ?? '', entry_flow: known?.entry_flow ?? flows[0]?.value ?? '', rules: known?.rules ?? [] };
  return (
    <Form<NumberWanted> form={form} layout="vertical" requiredMark={false} initialValues={start} onFinish={(fields) => saving.mutate(fields)} scrollToFirstError={{ block: 'center' }}>
      <h2 className="cl-page-title" style={{ marginBottom: 4 }}>
        {known === null ? t('numbers.new') : known.number}
      </h2>
      <p className="cl-note cl-muted" style={{ marginBottom: 16 }}>
        {known === null || known.changed_at === null ? t('number.hint') : t('number.changed_by', { name: known.changed_by ?? t('number.system'), time: formatMoment(known.changed_at, t.language, zone, serverNow()) })}
      </p>
      {flows.length === 0 && <Alert type="warning" showIcon title={t('number.no_flows')} style={{ marginBottom: 16 }} />}
      {(known?.not_published.length ?? 0) > 0 && <Alert type="error" showIcon title={t('number.not_published_hint')} style={{ marginBottom: 16 }} />}
      <div className={styles.pair}>
        <Form.Item name="number" label={t('number.number')} rules={[{ required: true, whitespace: true, message: t('field.needed') }]}>
          <Input inputMode="tel" maxLength={40} disabled={known !== null} placeholder="4008800123" />
        </Form.Item>
        <Form.Item name="name" label={t('field.name')} rules={[{ required: true, whitespace: true, message: t('field.needed') }]}>
          <Input maxLength={60} />
        </Form.Item>
      </div>
      <section className={styles.section}>
        <h3 className="cl-panel-title">{t('number.rules')}</h3>
        <p className="cl-note cl-secondary">{t('number.rules_hint')}</p>
        <RuleFields form={form} flows={[...flows, ...gone]} calendars={choices.calendars} known={known} />
      </section>
      <div className={styles.pair}>
        <Form.Item name="entry_flow" label={t('number.default_flow')} rules={[{ required: true, message: t('field.needed') }]}>
          <Select options={[...flows, ...gone]} />
        </Form.Item>
      </div>
      {why !== '' && (
        <Alert type="error" showIcon title={t('form.failed', { why })} action={stale ? <Button size="small" onClick={refresh}>{t('form.theirs')}</Button> : undefined} style={{ marginBottom: 12 }} />
      )}
      <div className={styles.bar}>
        <Button type="primary" htmlType="submit" loading={saving.isPending}>
          {t('form.save')}
        </Button>
        <Button onClick={onLeave}>{t('form.cancel')}</Button>
        {known !== null && (
          <Button style={{ marginInlineStart: 'auto' }} loading={removing.isPending} onClick={() => void ask(known)}>
            {t('number.remove')}
          </Button>
        )}
      </div>
    </Form>
  );
}
