/** What a browser keeps of a customer: the token that proves who they are, and what they said of themselves. */
import { stored, type Stored } from '../storage/stored';
import type { Introduction, Remembered } from './protocol';

const visitorKey = (tenant: string) => `careline.visitor.${tenant}`;
const introductionKey = (tenant: string) => `careline.introduction.${tenant}`;

export const rememberedVisitor = (tenant: string): Stored<Remembered | null> => stored<Remembered | null>(visitorKey(tenant), null, asVisitor);

export const rememberedIntroduction = (tenant: string): Stored<Introduction> =>
  stored<Introduction>(introductionKey(tenant), { name: null, msisdn: null }, asIntroduction);

/** Under this the tabs of a browser tell each other that the customer has left; nothing stays there. */
export const leftKey = (tenant: string): string => `careline.left.${tenant}`;

/** Takes all of it out of the browser, and tells the other tabs. */
export function forgetVisitor(tenant: string): void {
  try {
    localStorage.setItem(leftKey(tenant), 'left');
    [leftKey(tenant), visitorKey(tenant), introductionKey(tenant)].forEach((key) => localStorage.removeItem(key));
  } catch {
    // Where nothing is kept no other tab knows anything either.
  }
}

function asVisitor(raw: unknown): Remembered | undefined {
  const visitor = raw as Partial<Remembered> | null;
  return [visitor?.token, visitor?.visitor_id, visitor?.expires_at].every((part) => typeof part === 'string') ? (raw as Remembered) : undefined;
}

function asIntroduction(raw: unknown): Introduction | undefined {
  const who = raw as Partial<Introduction> | null;
  const text = (part: unknown) => (typeof part === 'string' ? part : null);
  return who === null || typeof who !== 'object' ? undefined : { name: text(who.name), msisdn: text(who.msisdn) };
}
