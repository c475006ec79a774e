import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  conversationsHistory,
  customersAddContactPoint,
  customersAddLineUser,
  customersAddTag,
  customersChange,
  customersConsents,
  customersCustomer,
  customersFind,
  customersNotes,
  customersRecord,
  customersRecordConsent,
  customersRemoveContactPoint,
  customersRemoveLineUser,
  customersRetireTag,
  customersReveal,
  customersRewriteNote,
  customersTags,
  customersWriteNote,
} from '@/shared/api/generated/sdk.gen';
import type { ConsentWanted, ContactPointWanted, CustomerChangeWanted, RevealWanted } from '@/shared/api/generated/types.gen';

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => customersCustomer({ path: { customer_id: id }, signal }),
  });

/** Everything kept of a customer. Asking for it is written down, so it is not asked for twice without need. */
export const recordQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id, 'record'],
    queryFn: ({ signal }) => customersRecord({ path: { customer_id: id }, signal }),
    staleTime: 60_000,
  });

/** The notes that were written before those which came with the record. */
export const notesQuery = (id: string, next: string) =>
  infiniteQueryOptions({
    queryKey: ['customer', id, 'notes', next],
    queryFn: ({ pageParam: after, signal }) => customersNotes({ path: { customer_id: id }, query: { after }, signal }),
    initialPageParam: next,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** Every word of a customer, those that count no more among them. */
export const consentsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['customer', id, 'consents'],
    queryFn: ({ pageParam: after, signal }) => customersConsents({ path: { customer_id: id }, query: { after }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const customerInteractionsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['customer', id, 'interactions'],
    queryFn: ({ pageParam: after, signal }) => conversationsHistory({ path: { customer_id: id }, query: { after, limit: 8 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** Without `q` everybody, those stored last first. */
export const customersQuery = (q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['customers', { q }],
    queryFn: ({ pageParam: after, signal }) => customersFind({ query: { q, after, limit: 30 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const tagsQuery = queryOptions({
  queryKey: ['customer-tags'],
  queryFn: async ({ signal }) => (await customersTags({ signal })).items,
  staleTime: 60_000,
});

export const addTag = (name: string) => customersAddTag({ body: { name } });

export const retireTag = (id: string, retired: boolean) => customersRetireTag({ path: { tag_id: id }, body: { retired } });

/** A masked value in full; who asked for it is written down. */
export async function reveal(customerId: string, wanted: RevealWanted): Promise<string> {
  const { value } = await customersReveal({ path: { customer_id: customerId }, body: wanted });
  return value;
}

export const revealNumber = (customerId: string, subscriptionId: string) =>
  reveal(customerId, { what: 'msisdn', subscription_id: subscriptionId });

// Whatever carries a version is refused with `customer-changed` when somebody was faster.

export const changeCustomer = (id: string, body: CustomerChangeWanted) => customersChange({ path: { customer_id: id }, body });

export const addContactPoint = (id: string, body: ContactPointWanted) => customersAddContactPoint({ path: { customer_id: id }, body });

export const removeContactPoint = (id: string, pointId: string, version: number) =>
  customersRemoveContactPoint({ path: { customer_id: id, contact_point_id: pointId }, query: { version } });

export const addLineUser = (id: string, lineId: string, name: string, version: number) =>
  customersAddLineUser({ path: { customer_id: id, subscription_id: lineId }, body: { name, version } });

export const removeLineUser = (id: string, lineId: string, partyId: string, version: number) =>
  customersRemoveLineUser({ path: { customer_id: id, subscription_id: lineId, party_id: partyId }, query: { version } });

/** Stored once however often it is sent: `clientId` names it. */
export const writeNote = (id: string, clientId: string, text: string) =>
  customersWriteNote({ path: { customer_id: id }, body: { client_id: clientId, text } });

export const rewriteNote = (id: string, noteId: string, text: string, version: number) =>
  customersRewriteNote({ path: { customer_id: id, note_id: noteId }, body: { text, version } });

/** Stored once however often it is sent: its `client_id` names it. */
export const recordConsent = (id: string, body: ConsentWanted & { client_id: string }) => customersRecordConsent({ path: { customer_id: id }, body });
