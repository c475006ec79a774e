import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { ArrowLeftRight } from 'lucide-react';
import { useState } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { CustomerShown, MergePreviewShown } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { mergeCustomers, mergeQuery } from '../api/merging';
import { chosenFirst, type Choice } from '../model/merging';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { Likeliness } from './Likeliness';
import styles from './Merge.module.css';
import { MergeTable } from './MergeTable';

const messages = catalogue(zh, en);

interface Props {
  survivorId: string;
  absorbedId: string;
  onSwap: () => void;
  onDone: () => void;
}

/** Two customers beside each other and what a merge makes of them. It cannot be undone, and says so before. */
export function MergePage({ survivorId, absorbedId, onSwap, onDone }: Props) {
  const t = useMessages(messages);
  const seen = useQuery(mergeQuery(survivorId, absorbedId));
  if (seen.isError && seen.data === undefined) return <ErrorPanel what={t('merge.title')} error={seen.error} retry={() => void seen.refetch()} />;
  if (seen.isPending) return <Loading what={t('merge.title')} rows={10} />;
  const versions = `${String(seen.data.survivor.customer.version)} ${String(seen.data.absorbed.customer.version)}`;
  return <Compared key={`${survivorId} ${versions}`} preview={seen.data} onSwap={onSwap} onDone={onDone} />;
}

function Compared({ preview, onSwap, onDone }: { preview: MergePreviewShown; onSwap: () => void; onDone: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const { modal, message } = App.useApp();
  const [choice, setChoice] = useState<Choice>(chosenFirst(preview));
  const { survivor, absorbed } = preview;
  const merge = useMutation({
    mutationFn: () =>
      mergeCustomers(survivor.customer.id, {
        absorbed_id: absorbed.customer.id,
        version: survivor.customer.version,
        absorbed_version: absorbed.customer.version,
        ...choice,
      }),
    onSuccess: () => {
      void message.success(t('merge.done'));
      // Fetched anew by whoever shows it next; this page must not ask once more about two who are one.
      for (const key of ['customer', 'customers', 'customer-duplicates', 'cases']) void queries.invalidateQueries({ queryKey: [key], refetchType: 'none' });
      onDone();
    },
    onError: (error) => {
      // What was looked at is no longer so: it is shown as it is now, and decided anew.
      if (error instanceof Problem && error.status === 409) void queries.invalidateQueries({ queryKey: ['customer', survivor.customer.id] });
    },
  });
  const ask = () =>
    modal.confirm({
      title: t('merge.sure', { absorbed: named(absorbed.customer), survivor: named(survivor.customer) }),
      content: t('merge.forever'),
      okText: t('merge.do'),
      okButtonProps: { danger: true },
      cancelText: t('form.cancel'),
      onOk: () => merge.mutateAsync().catch(() => undefined),
    });
  return (
    <section className={styles.page} aria-label={t('merge.title')}>
      <div className={styles.top}>
        <Likeliness likeness={preview.likeness} reasons={preview.reasons} />
        <Button icon={<ArrowLeftRight size={14} aria-hidden />} onClick={onSwap}>
          {t('merge.swap')}
        </Button>
      </div>
      {!preview.same_name && <Alert type="warning" showIcon title={t('merge.names_differ')} />}
      {merge.isError && <Alert type="error" showIcon title={sentence(merge.error)} />}
      <MergeTable preview={preview} choice={choice} onChoose={setChoice} />
      <Alert type="info" showIcon title={t('merge.forever')} />
      <div className={styles.buttons}>
        <Button type="primary" danger loading={merge.isPending} onClick={() => void ask()}>
          {t('merge.do')}
        </Button>
      </div>
    </section>
  );
}

/** The masks of two names are often the same, so the first number stands beside it. */
function named({ name_masked, subscriptions }: CustomerShown): string {
  const first = subscriptions[0];
  return first === undefined ? name_masked : `${name_masked} ${first.msisdn_masked}`;
}
