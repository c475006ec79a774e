import { supervisionCome, supervisionLeave, supervisionTakeOver } from '@/shared/api/generated/sdk.gen';
import type { Presence } from '@/shared/api/generated/types.gen';

export const PRESENCES = ['listening', 'whispering', 'joined'] as const satisfies readonly Presence[];

const at = (interactionId: string) => ({ path: { interaction_id: interactionId } });

export const come = (interactionId: string, presence: Presence) => supervisionCome({ ...at(interactionId), body: { presence } });
/** Also sent when the page is closed: it has gone out before the page has. */
export const leave = (interactionId: string) => supervisionLeave({ ...at(interactionId), keepalive: true });
export const takeOver = (interactionId: string) => supervisionTakeOver(at(interactionId));
