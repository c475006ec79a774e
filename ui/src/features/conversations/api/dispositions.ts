import { queryOptions } from '@tanstack/react-query';
import * as sdk from '@/shared/api/generated/sdk.gen';
import type { Disposition, DispositionChange, DispositionWanted } from '@/shared/api/generated/types.gen';

export const dispositionsQuery = queryOptions({
  queryKey: ['dispositions', 'usable'],
  queryFn: ({ signal }) => sdk.dispositionsUsable({ signal }),
  staleTime: 60_000,
});

export const dispositionTreeQuery = queryOptions({
  queryKey: ['dispositions', 'all'],
  queryFn: ({ signal }) => sdk.dispositionsKept({ signal }),
});

export const addDisposition = (body: DispositionWanted): Promise<Disposition> => sdk.dispositionsAdd({ body });

/** Refused when somebody has changed it since it was read. */
export const changeDisposition = (code: string, body: DispositionChange): Promise<Disposition> => sdk.dispositionsChange({ path: { code }, body });

export const retireDisposition = ({ code, version, retired }: Disposition): Promise<Disposition> =>
  sdk.dispositionsRetire({ path: { code }, body: { version, retired: !retired } });

/** Refused when the order is not what it was when it was read. */
export async function orderDispositions(parent: string | null, was: string[], codes: string[]): Promise<void> {
  await sdk.dispositionsOrder({ body: { parent, was, codes } });
}
