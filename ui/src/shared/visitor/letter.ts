/** A message that is left when nobody can serve: when it is asked for, and what is written of it so far. */
import { newId } from '../ids/newId';
import { dropDraft, readDraft, saveDraft } from '../storage/drafts';
import type { ChatView } from './chatView';

export interface Asked {
  readonly interactionId: string;
  readonly busy: boolean;
  /** What the customer agrees to. */
  readonly consent: string;
}

/** The form to show; null while none is asked for, or it was sent, from here or elsewhere. */
export function askedFor({ messages, now }: ChatView): Asked | null {
  const said = messages.findLast(({ code }) => code === 'message-asked-for' || code === 'message-left');
  if (said?.code !== 'message-asked-for' || said.interaction_id !== now.interaction_id) return null;
  const { because, consent } = said.params ?? {};
  return { interactionId: said.interaction_id, busy: because === 'busy', consent: typeof consent === 'string' ? consent : '' };
}

export interface LetterDraft {
  /** Made once, so that what is sent again is stored once. */
  readonly clientId: string;
  readonly text: string;
  readonly reach: string;
}

const key = (interactionId: string) => `letter.${interactionId}`;

/** What was written before a reload, else what the customer has said in this chat and the number that they gave. */
export function letterDraft({ interactionId }: Asked, { messages }: ChatView, number: string): LetterDraft {
  const { clientId, text, reach } = (readDraft(key(interactionId)) ?? {}) as Partial<LetterDraft>;
  if (typeof clientId === 'string' && typeof text === 'string' && typeof reach === 'string') return { clientId, text, reach };
  const own = messages.filter((one) => one.interaction_id === interactionId && one.author === 'customer' && one.kind === 'text');
  return { clientId: newId(), text: own.map((one) => one.text).join('\n'), reach: number };
}

export const keepLetter = (interactionId: string, draft: LetterDraft): void => saveDraft(key(interactionId), draft);

export const dropLetter = (interactionId: string): void => dropDraft(key(interactionId));
