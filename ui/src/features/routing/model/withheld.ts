import type { AgentState, Media, Medium } from '@/shared/api/generated/types.gen';

/** Why some media are not offered to me, though I am ready. */
export type Because = 'missed' | 'ringing' | 'talking' | 'writing_up' | 'chat_ringing' | 'chatting' | 'chat_writing_up' | 'chats_full' | 'message_ringing' | 'answering' | 'messages_full';

/** What is kept away: a medium, or of the left messages those that are not due. */
export type Kept = Media | 'not_due';

export interface Withheld {
  readonly because: Because;
  readonly media: readonly Kept[];
}

const MEDIA = ['voice', 'chat', 'message'] as const satisfies readonly Media[];

/** Each reason once, with all media that it keeps away. Nothing when I am not ready: then nothing is offered at all. */
export function withheldOf({ media }: Pick<AgentState, 'media'>): Withheld[] {
  const found = new Map<Because, Kept[]>();
  for (const name of MEDIA) {
    const why = media[name]?.limit === 0 ? null : (media[name]?.withheld ?? null);
    if (why === null || why === 'not_ready') continue;
    const because = why === 'set_aside' ? 'missed' : inHand(why === 'full' ? name : other(name, media), media);
    found.set(because, [...(found.get(because) ?? []), why === 'not_due' ? why : name]);
  }
  // That a message rings keeps no more messages away than its agent knows.
  return [...found].filter(([because, names]) => because !== 'message_ringing' || names.length > 1).map(([because, names]) => ({ because, media: names }));
}

/** What else is in hand; a call is told before chats, and these before a left message. */
const other = (name: Media, media: AgentState['media']): Media =>
  MEDIA.find((one) => one !== name && (media[one]?.used ?? 0) > 0) ?? (name === 'voice' ? 'chat' : 'voice');

function inHand(name: Media, media: AgentState['media']): Because {
  const medium: Medium | undefined = media[name];
  const rings = medium?.state === 'reserved' && medium.used === 1;
  if (name === 'message') return rings ? 'message_ringing' : medium?.withheld === 'full' ? 'messages_full' : 'answering';
  if (name === 'chat') return rings ? 'chat_ringing' : medium?.withheld === 'full' ? 'chats_full' : medium?.state === 'after_contact_work' ? 'chat_writing_up' : 'chatting';
  return medium?.state === 'reserved' ? 'ringing' : medium?.state === 'after_contact_work' ? 'writing_up' : 'talking';
}
