import { queryOptions } from '@tanstack/react-query';
import { telephonyAllNumbers, telephonyChangeNumber, telephonyMakeNumber, telephonyNumber, telephonyNumberChoices, telephonyRemoveNumber } from '@/shared/api/generated/sdk.gen';
import type { NumberShown, NumberWanted } from '@/shared/api/generated/types.gen';

export const NUMBERS = ['telephony-settings', 'numbers'] as const;

export const numbersQuery = queryOptions({
  queryKey: NUMBERS,
  queryFn: async ({ signal }) => (await telephonyAllNumbers({ signal })).items,
});

export const numberQuery = (id: string) =>
  queryOptions({
    queryKey: ['telephony-settings', 'number', id],
    queryFn: ({ signal }) => telephonyNumber({ path: { number_id: id }, signal }),
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });

export const choicesQuery = queryOptions({
  queryKey: ['telephony-settings', 'choices'],
  queryFn: ({ signal }) => telephonyNumberChoices({ signal }),
});

export const saveNumber = (known: NumberShown | null, { number, ...leading }: NumberWanted): Promise<NumberShown> =>
  known === null ? telephonyMakeNumber({ body: { number, ...leading } }) : telephonyChangeNumber({ path: { number_id: known.id }, body: { ...leading, version: known.version } });

export const removeNumber = ({ id, version }: NumberShown) => telephonyRemoveNumber({ path: { number_id: id }, query: { version } });
