import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Select } from 'antd';
import { Dot } from '@/design/atoms';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { SealedCaseOpening, SealedCaseShown, SealedContentShown } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatDay, formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { openSealed, REASONS, REFERENCE_MAX } from '../api/sealed';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CaseDetail.module.css';

const messages = catalogue(zh, en);

/** Says why before a word is shown; both stand in the audit. */
export function OpenSealed({ one }: { one: SealedCaseShown }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const sentence = useErrorSentence();
  // Nothing that was opened outlives the drawer.
  const open = useMutation({ mutationFn: (fields: SealedCaseOpening) => openSealed(one.id, fields), gcTime: 0 });
  if (open.data !== undefined) return <Said said={open.data} />;
  const field = open.error instanceof Problem && open.error.field === 'reference';
  return (
    <Form<SealedCaseOpening> layout="vertical" requiredMark={false} onFinish={(fields) => open.mutate({ ...fields, reference: fields.reference.trim() })}>
      <p className="cl-secondary" style={{ marginBlockEnd: 16 }}>{t('sealed.asks', { day: formatDay(one.until, t.language, zone) })}</p>
      {open.isError && !field && <Alert type="error" showIcon title={sentence(open.error)} style={{ marginBlockEnd: 16 }} />}
      <Form.Item name="why" label={t('sealed.why')} rules={[{ required: true, message: t('sealed.why_needed') }]}>
        <Select options={REASONS.map((why) => ({ value: why, label: t(`sealed.why.${why}`) }))} />
      </Form.Item>
      <Form.Item
        name="reference"
        label={t('sealed.reference')}
        extra={t('sealed.reference_help')}
        rules={[{ required: true, whitespace: true, message: t('sealed.reference_needed') }]}
        {...(field ? { validateStatus: 'error' as const, help: sentence(open.error) } : {})}
      >
        <Input maxLength={REFERENCE_MAX} autoComplete="off" />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={open.isPending}>
        {t('sealed.open')}
      </Button>
    </Form>
  );
}

function Said({ said }: { said: SealedContentShown }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  return (
    <>
      <Alert type="warning" showIcon title={t('sealed.written_down')} style={{ marginBlockEnd: 16 }} />
      <h2>{said.title}</h2>
      <p className={styles.text}>{said.text}</p>
      {said.history.map((entry) => (
        <div key={entry.at} style={{ marginBlockStart: 16 }}>
          <p className="cl-note cl-muted">
            {entry.actor_name ?? t('history.machine')}
            <Dot />
            {formatMoment(entry.at, t.language, zone, serverNow())}
          </p>
          <p className={styles.text}>{entry.text}</p>
        </div>
      ))}
    </>
  );
}
