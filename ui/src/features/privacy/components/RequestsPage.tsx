import { useInfiniteQuery } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Select } from 'antd';
import { Settings2 } from 'lucide-react';
import { useState } from 'react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { useMessages } from '@/shared/i18n/useMessages';
import { requestsQuery } from '../api/requests';
import { messages } from '../messages';
import { KINDS, type RequestFilter } from '../model/filter';
import { RequestDrawer } from './RequestDrawer';
import { RequestTable } from './RequestTable';
import { RulesDrawer } from './RulesDrawer';

interface Props {
  filter: RequestFilter;
  onFilter: (filter: RequestFilter) => void;
}

/** What people asked for about their own data, for who serves them and who decides. */
export function RequestsPage({ filter, onFilter }: Props) {
  const t = useMessages(messages);
  const requests = useInfiniteQuery(requestsQuery(filter));
  const [open, setOpen] = useState<string | null>(null);
  const [ruling, setRuling] = useState(false);
  const items = requests.data?.pages.flatMap((page) => page.items) ?? [];
  const stuck = useInfiniteQuery(requestsQuery({ stuck: true }));
  const late = stuck.data?.pages[0]?.items.length ?? 0;
  const filtered = filter.kind !== undefined || filter.open === true || filter.stuck === true;
  return (
    <section className="cl-page" aria-label={t('title')}>
      <p className="cl-secondary">{t('what')}</p>
      <div className="cl-page-head">
        <Select
          aria-label={t('kind')}
          style={{ inlineSize: 160 }}
          placeholder={t('kind.any')}
          allowClear
          value={filter.kind}
          onChange={(kind?: RequestFilter['kind']) => onFilter({ ...filter, kind })}
          options={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
        <Checkbox checked={filter.open === true} onChange={({ target }) => onFilter({ ...filter, open: target.checked ? true : undefined })}>
          {t('only_open')}
        </Checkbox>
        {(late > 0 || filter.stuck === true) && (
          <Checkbox checked={filter.stuck === true} onChange={({ target }) => onFilter({ ...filter, stuck: target.checked ? true : undefined })}>
            {t('only_stuck')}
          </Checkbox>
        )}
        <Button icon={<Settings2 size={16} aria-hidden />} onClick={() => setRuling(true)}>
          {t('rules.open')}
        </Button>
      </div>
      {late > 0 && <Alert type="error" showIcon title={t('stuck.some', { n: stuck.hasNextPage ? `${late}+` : late })} description={t('stuck.what')} />}
      {requests.isError && <ErrorPanel what={t('title')} error={requests.error} retry={() => void requests.refetch()} />}
      {requests.isPending && <Loading what={t('title')} rows={4} />}
      {requests.data !== undefined && items.length === 0 && <EmptyPanel>{t(filtered ? 'none_match' : 'none')}</EmptyPanel>}
      {items.length > 0 && <RequestTable items={items} onOpen={setOpen} />}
      {requests.hasNextPage && (
        <Button loading={requests.isFetchingNextPage} onClick={() => void requests.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      <RequestDrawer id={open} onClose={() => setOpen(null)} />
      <RulesDrawer open={ruling} onClose={() => setRuling(false)} />
    </section>
  );
}
