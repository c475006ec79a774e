import type { RequestKind } from '@/shared/api/generated/types.gen';

export const KINDS = ['export', 'erasure'] as const satisfies readonly RequestKind[];

export interface RequestFilter {
  readonly kind?: RequestKind;
  /** Those that still need something of us. */
  readonly open?: boolean;
  /** Those that fail again and again. */
  readonly stuck?: boolean;
  readonly customer?: string;
}

export function requestFilterFrom(raw: Record<string, unknown>): RequestFilter {
  const kind = KINDS.find((one) => one === raw.kind);
  return { kind, open: raw.open === true ? true : undefined, stuck: raw.stuck === true ? true : undefined };
}
