/** Small records that appear inside the answers of several modules. */
export type Media = 'voice' | 'chat';

export interface QueueRef {
  readonly id: string;
  readonly name: string;
}

export interface PersonRef {
  readonly id: string;
  readonly name: string;
}

/** What may be shown of a customer before anybody looked them up. */
export interface CustomerBrief {
  readonly id: string | null;
  readonly name_masked: string | null;
  readonly number_masked: string | null;
}
