import { queryOptions } from '@tanstack/react-query';
import {
  conversationsEnd,
  conversationsInteraction,
  conversationsWrapUp,
} from '@/shared/api/generated/sdk.gen';
import type { WrapUpWanted } from '@/shared/api/generated/types.gen';

export const interactionQuery = (id: string) =>
  queryOptions({
    queryKey: ['interaction', id],
    queryFn: ({ signal }) => conversationsInteraction({ path: { interaction_id: id }, signal }),
  });

/** Ends a chat, or hangs up a call; after-contact work begins. */
export async function endInteraction(id: string): Promise<void> {
  await conversationsEnd({ path: { interaction_id: id } });
}

/** What is no draft finishes the after-contact work and closes the interaction. */
export async function saveWrapUp(id: string, body: WrapUpWanted): Promise<void> {
  await conversationsWrapUp({ path: { interaction_id: id }, body });
}
