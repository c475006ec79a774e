import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { ServiceTokenShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { serviceAccountsQuery, type AccountFilter } from '../api/access';
import { messages } from '../messages';
import { NewAccountDrawer } from './NewAccountDrawer';
import { ServiceAccountTable } from './ServiceAccountTable';
import { TokenDialog } from './TokenDialog';

interface Props {
  filter: AccountFilter;
  onFilter: (filter: AccountFilter) => void;
}

/** Programs of others that may use the HTTP interface. */
export function ServiceAccountsPage({ filter, onFilter }: Props) {
  const t = useMessages(messages);
  const may = useMay();
  const queries = useQueryClient();
  const accounts = useInfiniteQuery(serviceAccountsQuery(filter));
  const [making, setMaking] = useState(false);
  /** Seen once; nothing else in the page remembers it. */
  const [made, setMade] = useState<ServiceTokenShown | null>(null);
  const items = accounts.data?.pages.flatMap((page) => page.items) ?? [];
  const again = () => void queries.invalidateQueries({ queryKey: ['service-accounts'] });
  return (
    <section className="cl-page" aria-label={t('accounts.title')}>
      <p className="cl-secondary">{t('accounts.what')}</p>
      <div className="cl-page-head">
        <Input.Search
          aria-label={t('accounts.search')}
          placeholder={t('accounts.search')}
          defaultValue={filter.q}
          allowClear
          onSearch={(words) => onFilter({ q: words.trim() === '' ? undefined : words.trim() })}
          style={{ inlineSize: 240 }}
        />
        {may('service-account:manage') && (
          <Button type="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {t('accounts.new')}
          </Button>
        )}
      </div>
      {accounts.isError && <ErrorPanel what={t('accounts.title')} error={accounts.error} retry={() => void accounts.refetch()} />}
      {accounts.isPending && <Loading what={t('accounts.title')} rows={4} />}
      {accounts.data !== undefined && items.length === 0 && <EmptyPanel>{filter.q === undefined ? t(may('service-account:manage') ? 'accounts.none' : 'accounts.none_to_approve') : t('accounts.none_match', { q: filter.q })}</EmptyPanel>}
      {items.length > 0 && <ServiceAccountTable items={items} onChanged={again} />}
      {accounts.hasNextPage && (
        <Button loading={accounts.isFetchingNextPage} onClick={() => void accounts.fetchNextPage()}>
          {t('accounts.more')}
        </Button>
      )}
      <NewAccountDrawer
        open={making}
        grantable={accounts.data?.pages[0]?.grantable ?? {}}
        onClose={() => setMaking(false)}
        onMade={(token) => {
          setMaking(false);
          setMade(token);
          again();
        }}
      />
      <TokenDialog made={made} onClose={() => setMade(null)} />
    </section>
  );
}
