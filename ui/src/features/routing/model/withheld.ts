import type { AgentState, Media, Medium } from '@/shared/api/generated/types.gen';

/** Why some media are not offered to me, though I am ready. */
export type Because = 'missed' | 'ringing' | 'talking' | 'writing_up' | 'chatting' | 'chats_full' | 'answering' | 'messages_full';

export interface Withheld {
  readonly because: Because;
  readonly media: readonly Media[];
}

const MEDIA = ['voice', 'chat', 'message'] as const satisfies readonly Media[];

/** Each reason once, with all media that it keeps away. Nothing when I am not ready: then nothing is offered at all. */
export function withheldOf({ media }: Pick<AgentState, 'media'>): Withheld[] {
  const found = new Map<Because, Media[]>();
  for (const name of MEDIA) {
    const why = media[name]?.limit === 0 ? null : (media[name]?.withheld ?? null);
    if (why === null || why === 'not_ready') continue;
    const because = why === 'set_aside' ? 'missed' : inHand(why === 'full' ? name : other(name, media), media);
    found.set(because, [...(found.get(because) ?? []), name]);
  }
  return [...found].map(([because, names]) => ({ because, media: names }));
}

/** What else is in hand; a call is told before chats, and these before a left message. */
const other = (name: Media, media: AgentState['media']): Media =>
  MEDIA.find((one) => one !== name && (media[one]?.used ?? 0) > 0) ?? (name === 'voice' ? 'chat' : 'voice');

function inHand(name: Media, media: AgentState['media']): Because {
  const medium: Medium | undefined = media[name];
  if (name === 'message') return medium?.withheld === 'full' ? 'messages_full' : 'answering';
  if (name === 'chat') return medium?.withheld === 'full' ? 'chats_full' : 'chatting';
  return medium?.state === 'reserved' ? 'ringing' : medium?.state === 'after_contact_work' ? 'writing_up' : 'talking';
}
