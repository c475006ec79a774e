import { stored, type Stored } from '../storage/stored';

/** When something may be heard: never, while the page is not in front, or always. */
export type When = 'never' | 'behind' | 'always';

export interface AlertChoice {
  /** The sound of an offer. */
  readonly offers: When;
  /** The sound of a customer's message; one that is written in front of one's eyes makes none. */
  readonly messages: Exclude<When, 'always'>;
  /** The system's own notifications while the page is not in front; they also need the browser's permission. */
  readonly notify: boolean;
}

const USUAL: AlertChoice = { offers: 'behind', messages: 'behind', notify: true };
const kept = new Map<string, Stored<AlertChoice>>();

/** What this user chose in this browser. */
export function alertChoice(userId: string): Stored<AlertChoice> {
  const known = kept.get(userId) ?? stored(`careline.alerts.${userId}`, USUAL, understood);
  kept.set(userId, known);
  return known;
}

function understood(raw: unknown): AlertChoice | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { offers, messages, notify } = raw as Partial<Record<keyof AlertChoice, unknown>>;
  return {
    offers: offers === 'never' || offers === 'always' ? offers : USUAL.offers,
    messages: messages === 'never' ? messages : USUAL.messages,
    notify: typeof notify === 'boolean' ? notify : USUAL.notify,
  };
}

export const isInFront = (): boolean => document.visibilityState === 'visible' && document.hasFocus();
