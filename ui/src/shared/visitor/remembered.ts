/** What a browser keeps of a customer: the token that proves who they are, and what they said of themselves. */
import { stored, type Stored } from '../storage/stored';
import type { Introduction, Visitor } from './protocol';

export const rememberedVisitor = (tenant: string): Stored<Visitor | null> => stored<Visitor | null>(`careline.visitor.${tenant}`, null, asVisitor);

export const rememberedIntroduction = (tenant: string): Stored<Introduction> =>
  stored<Introduction>(`careline.introduction.${tenant}`, { name: null, msisdn: null }, asIntroduction);

function asVisitor(raw: unknown): Visitor | undefined {
  const visitor = raw as Partial<Visitor> | null;
  return [visitor?.token, visitor?.visitor_id, visitor?.expires_at].every((part) => typeof part === 'string') ? (raw as Visitor) : undefined;
}

function asIntroduction(raw: unknown): Introduction | undefined {
  const who = raw as Partial<Introduction> | null;
  const text = (part: unknown) => (typeof part === 'string' ? part : null);
  return who === null || typeof who !== 'object' ? undefined : { name: text(who.name), msisdn: text(who.msisdn) };
}
