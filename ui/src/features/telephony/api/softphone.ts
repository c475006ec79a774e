import { conversationsEnd, telephonySoftphone } from '@/shared/api/generated/sdk.gen';
import type { Softphone } from '@/shared/api/generated/types.gen';

/** What a browser needs to be an agent's phone. */
export const fetchPhoneAccount = (): Promise<Softphone> => telephonySoftphone();

/** Hangs up a call that this browser has no leg of. */
export async function endCall(interactionId: string): Promise<void> {
  await conversationsEnd({ path: { interaction_id: interactionId } });
}
