import { conversationsEnd, conversationsHold, telephonySoftphone } from '@/shared/api/generated/sdk.gen';
import type { Softphone } from '@/shared/api/generated/types.gen';

/** What a browser needs to be an agent's phone. */
export const fetchPhoneAccount = (): Promise<Softphone> => telephonySoftphone();

/** Hangs up a call that this browser has no leg of. */
export async function endCall(interactionId: string): Promise<void> {
  await conversationsEnd({ path: { interaction_id: interactionId } });
}

/** Puts the caller of a talk on hold, with music, or takes them back. It is the server that does it: it needs no line. */
export async function holdCall(interactionId: string, held: boolean): Promise<void> {
  await conversationsHold({ path: { interaction_id: interactionId }, body: { held } });
}
