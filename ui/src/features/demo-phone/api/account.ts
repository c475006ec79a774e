import { json } from '@/shared/http/json';
import type { DemoCallers, DemoMessageList, DemoPhone } from '@/shared/api/generated/types.gen';

/** Whom one may call as, and the number to dial. */
export const demoCallers = (signal: AbortSignal) => json.get<DemoCallers>('/demo-phone', { signal });

/** A phone in the browser that calls from this number. */
export const demoAccount = (number: string) => json.post<DemoPhone>('/demo-phone', { number });

/** Codes on their way to a number. */
export const demoMessages = (number: string, signal: AbortSignal) => json.get<DemoMessageList>('/demo-phone/messages', { query: { number }, signal });
