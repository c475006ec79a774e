import { json } from '@/shared/http/json';

/** What a browser needs to be a phone: an endpoint and its secret, valid until the session ends. */
export interface PhoneAccount {
  readonly endpoint: string;
  readonly secret: string;
  /** Our address of record. */
  readonly sip_uri: string;
  /** Path of the WebSocket that carries SIP (RFC 7118). */
  readonly sip_path: string;
}

export const fetchPhoneAccount = () => json.get<PhoneAccount>('/softphone');

/** Hangs up a call that this browser has no leg of. */
export async function endCall(interactionId: string): Promise<void> {
  await json.post(`/interactions/${interactionId}/end`);
}
