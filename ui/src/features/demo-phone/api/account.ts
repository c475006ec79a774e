import { json } from '@/shared/http/json';

/** A phone in the browser for trying the hotline, and the numbers that it may dial. */
export interface DemoAccount {
  readonly endpoint: string;
  readonly secret: string;
  readonly sip_uri: string;
  readonly sip_path: string;
  readonly numbers: readonly string[];
}

export const demoAccount = (number: string) => json.post<DemoAccount>('/demo-phone', { number });

/** Numbers of the demo's customers; 160 is assigned to no operator. The last one is nobody's. */
export const DEMO_CALLERS = ['16038126021', '16039517788', '16036220914', '16037734450', '16036419034', '16099990000'] as const;
