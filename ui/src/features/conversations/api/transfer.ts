import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { conversationsTakeBack, conversationsTransfer, conversationsTransferTargets } from '@/shared/api/generated/sdk.gen';
import type { InboxEntry, TransferWanted } from '@/shared/api/generated/types.gen';

const LOOK_AGAIN_MS = 5000;

/** Who could take a chat now; looked at again for as long as somebody chooses. */
export const targetsQuery = (interactionId: string, search: string) =>
  queryOptions({
    queryKey: ['transfer-targets', interactionId, search],
    queryFn: ({ signal }) => conversationsTransferTargets({ path: { interaction_id: interactionId }, query: { q: search }, signal }),
    refetchInterval: LOOK_AGAIN_MS,
    placeholderData: keepPreviousData,
  });

export async function passOn(interactionId: string, body: TransferWanted): Promise<void> {
  await conversationsTransfer({ path: { interaction_id: interactionId }, body });
}

export function takeBack(interactionId: string): Promise<InboxEntry> {
  return conversationsTakeBack({ path: { interaction_id: interactionId } });
}
