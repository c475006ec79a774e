import { json } from '@/shared/http/json';
import type { DemoCallers, DemoPhone } from '@/shared/api/generated/types.gen';

/** Whom one may call as, and the number to dial. */
export const demoCallers = (signal: AbortSignal) => json.get<DemoCallers>('/demo-phone', { signal });

/** A phone in the browser that calls from this number. */
export const demoAccount = (number: string) => json.post<DemoPhone>('/demo-phone', { number });
