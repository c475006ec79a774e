import { queryOptions, useQuery } from '@tanstack/react-query';
import { Button, Divider } from 'antd';
import { identityExternalProvider } from '@/shared/api/generated/sdk.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);

const providerQuery = queryOptions({
  queryKey: ['external-provider'],
  queryFn: async ({ signal }) => (await identityExternalProvider({ signal })).name,
  staleTime: Infinity,
});

/** The way in through another provider, when the operator has named one. Without an answer there is none to show. */
export function ProviderButton({ next }: { next: string | undefined }) {
  const t = useMessages(messages);
  const { data: name } = useQuery(providerQuery);
  if (name === undefined || name === null) return null;
  const search = next === undefined ? '' : `?${new URLSearchParams({ next }).toString()}`;
  return (
    <>
      <Divider plain>{t('or')}</Divider>
      <Button size="large" block href={`/api/v1/session/external/begin${search}`}>
        {t('provider', { name })}
      </Button>
    </>
  );
}
