import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Form, Radio, Select } from 'antd';
import { ShieldUser } from 'lucide-react';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { DataRequestWanted } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { askForData, LEVELS, requestsQuery } from '../api/requests';
import { messages } from '../messages';
import { KINDS } from '../model/filter';
import { RequestDrawer } from './RequestDrawer';
import { RequestTable } from './RequestTable';

type Fields = Pick<DataRequestWanted, 'kind' | 'assurance'>;

/** What this customer asked for about their own data, and writing down that they ask for more. */
export function AskForData({ customerId }: { customerId: string }) {
  const t = useMessages(messages);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<ShieldUser size={14} aria-hidden />} onClick={() => setOpen(true)}>
        {t('title')}
      </Button>
      <Drawer title={t('title')} open={open} onClose={() => setOpen(false)} size={560} destroyOnHidden>
        <Asking customerId={customerId} />
      </Drawer>
    </>
  );
}

function Asking({ customerId }: { customerId: string }) {
  const t = useMessages(messages);
  const may = useMay();
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const [shown, setShown] = useState<string | null>(null);
  const known = useInfiniteQuery(requestsQuery({ customer: customerId }));
  const items = known.data?.pages.flatMap((page) => page.items) ?? [];
  const ask = useMutation({
    mutationFn: (fields: Fields) => askForData(customerId, fields),
    onSuccess: ({ id }) => setShown(id),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['data-requests'] }),
  });
  return (
    <>
      {may('data-request:write') && (
        <Form<Fields> layout="vertical" requiredMark={false} initialValues={{ kind: 'export' }} onFinish={(fields) => ask.mutate(fields)}>
          <p className="cl-secondary" style={{ marginBlockEnd: 12 }}>{t('ask.what')}</p>
          {ask.isError && <Alert type="error" showIcon title={sentence(ask.error)} style={{ marginBlockEnd: 12 }} />}
          <Form.Item name="kind" label={t('ask.kind')}>
            <Radio.Group options={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))} />
          </Form.Item>
          <Form.Item name="assurance" label={t('identified')} extra={t('ask.identified_help')} rules={[{ required: true, message: t('ask.identified_needed') }]}>
            <Select options={LEVELS.map((level) => ({ value: level, label: t(`level.${level}`) }))} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={ask.isPending}>
            {t('ask.do')}
          </Button>
        </Form>
      )}
      {items.length > 0 && <h3 style={{ marginBlock: '24px 8px' }}>{t('ask.before')}</h3>}
      {items.length > 0 && <RequestTable items={items} onOpen={setShown} />}
      {known.hasNextPage && (
        <Button style={{ marginBlockStart: 12 }} loading={known.isFetchingNextPage} onClick={() => void known.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      <RequestDrawer id={shown} onClose={() => setShown(null)} />
    </>
  );
}
