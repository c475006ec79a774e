import { useInfiniteQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Segmented, Select } from 'antd';
import { Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import { Dot } from '@/design/atoms';
import { ErrorPanel } from '@/design/panels';
import { Severity } from '@/design/Severity';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { ConsentBasis, ConsentPurpose, ConsentShown, ConsentWay, CustomerRecord } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { newId } from '@/shared/ids/newId';
import { useMay } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { consentsQuery, recordConsent } from '../api/customers';
import { useRecordChange } from '../hooks/useRecordChange';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { basesOf, inForce, PURPOSES } from '../model/consents';
import styles from './RecordPage.module.css';

const messages = catalogue(zh, en);
const WAYS = ['call', 'chat', 'hall', 'form'] as const satisfies readonly ConsentWay[];
const PROOF_MAX = 2000;

interface Fields {
  purpose: ConsentPurpose;
  given: 'yes' | 'no';
  basis: ConsentBasis;
  how: ConsentWay;
  proof: string;
}

/** What a customer's data may be used for, and since when; each word with its proof. */
export function Consents({ record }: { record: CustomerRecord }) {
  const t = useMessages(messages);
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const [all, setAll] = useState(false);
  const now = inForce(record.consents);
  const words = useInfiniteQuery({ ...consentsQuery(record.customer.id), enabled: all });
  const shown = all ? (words.data?.pages.flatMap((page) => page.items) ?? now) : now;
  return (
    <section className={styles.card}>
      <div className={styles.top}>
        <h2>{t('consents.title')}</h2>
        {may('customer:write') && !adding && (
          <Button size="small" icon={<Plus size={12} aria-hidden />} onClick={() => setAdding(true)}>
            {t('consents.add')}
          </Button>
        )}
      </div>
      {now.length === 0 && !adding && <p className="cl-note cl-muted">{t('consents.none')}</p>}
      <ul className={styles.list}>
        {shown.map((consent) => (
          <Consent key={consent.id} consent={consent} />
        ))}
      </ul>
      {all && words.isError && <ErrorPanel what={t('consents.title')} error={words.error} retry={() => void words.refetch()} />}
      {all && words.hasNextPage && (
        <Button type="link" size="small" style={{ paddingInline: 0 }} loading={words.isFetchingNextPage} onClick={() => void words.fetchNextPage()}>
          {t('consents.more', { n: record.consent_count - shown.length })}
        </Button>
      )}
      {record.consent_count > now.length && (
        <Button type="link" size="small" style={{ paddingInline: 0 }} aria-expanded={all} loading={all && words.isPending} onClick={() => setAll(!all)}>
          {all ? t('consents.now') : t('consents.all', { n: record.consent_count })}
        </Button>
      )}
      {adding && <AddConsent customerId={record.customer.id} onClose={() => setAdding(false)} />}
    </section>
  );
}

export function Consent({ consent }: { consent: ConsentShown }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  return (
    <li>
      <div className={styles.row}>
        <span className="cl-strong">{t(`purpose.${consent.purpose}`)}</span>
        <Severity level={consent.given ? 'ok' : 'warn'}>{t(consent.given ? 'consents.given' : 'consents.withdrawn')}</Severity>
      </div>
      {consent.proof !== '' && <p className={`cl-secondary ${styles.said}`}>{consent.proof}</p>}
      <p className="cl-note cl-muted">
        <time dateTime={consent.at}>{formatMoment(consent.at, t.language, zone, serverNow())}</time>
        <Dot />
        {t(`how.${consent.how}`)}
        <Dot />
        {t(`basis.${consent.basis}`)}
        {consent.proof_version !== null && (
          <>
            <Dot />
            {t('consents.version', { version: consent.proof_version })}
          </>
        )}
        {consent.recorded_by !== null && (
          <>
            <Dot />
            {consent.recorded_by}
          </>
        )}
      </p>
    </li>
  );
}

function AddConsent({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [form] = Form.useForm<Fields>();
  const purpose = Form.useWatch(({ purpose: chosen }: Partial<Fields>) => chosen ?? 'marketing', form);
  const given = Form.useWatch(({ given: chosen }: Partial<Fields>) => chosen ?? 'yes', form);
  const sent = useRef({ body: '', name: '' });
  const add = useRecordChange(
    customerId,
    (fields: Fields) => {
      const wanted = { ...fields, proof: fields.proof.trim(), given: fields.given === 'yes' };
      const body = JSON.stringify(wanted);
      // The same word under the same name while this form is open; the next form is another word, even if it reads the same.
      if (sent.current.body !== body) sent.current = { body, name: newId() };
      return recordConsent(customerId, { ...wanted, client_id: sent.current.name });
    },
    onClose,
  );
  const field = add.error instanceof Problem ? add.error.field : null;
  const wrong = (name: keyof Fields) => (field === name ? { validateStatus: 'error' as const, help: sentence(add.error) } : {});
  return (
    <Form<Fields>
      form={form}
      className={styles.form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ purpose: 'marketing', given: 'yes', basis: 'consent', how: 'call', proof: '' }}
      onValuesChange={(changed: Partial<Fields>) => {
        if (changed.purpose !== undefined) form.setFieldValue('basis', basesOf(changed.purpose)[0]);
      }}
      onFinish={(fields) => {
        if (!add.isPending) add.mutate(fields);
      }}
    >
      {add.isError && field !== 'basis' && field !== 'proof' && <Alert type="error" showIcon title={sentence(add.error)} style={{ marginBottom: 12 }} />}
      <Form.Item name="given" label={t('consents.word')}>
        <Segmented options={(['yes', 'no'] as const).map((word) => ({ value: word, label: t(word === 'yes' ? 'consents.gives' : 'consents.withdraws') }))} />
      </Form.Item>
      <Form.Item name="purpose" label={t('consents.purpose')}>
        <Select options={PURPOSES.map((one) => ({ value: one, label: t(`purpose.${one}`) }))} />
      </Form.Item>
      <Form.Item name="basis" label={t('consents.basis')} {...wrong('basis')}>
        <Select options={basesOf(purpose).map((one) => ({ value: one, label: t(`basis.${one}`) }))} />
      </Form.Item>
      <Form.Item name="how" label={t('consents.how')}>
        <Segmented options={WAYS.map((way) => ({ value: way, label: t(`how.${way}`) }))} />
      </Form.Item>
      <Form.Item
        name="proof"
        label={t('consents.proof')}
        rules={given === 'yes' ? [{ required: true, whitespace: true, message: t('consents.proof_needed') }] : []}
        {...wrong('proof')}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={PROOF_MAX} placeholder={t('consents.proof_hint')} />
      </Form.Item>
      <div className={styles.buttons}>
        <Button type="primary" htmlType="submit" loading={add.isPending}>
          {t('form.save')}
        </Button>
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </div>
    </Form>
  );
}
