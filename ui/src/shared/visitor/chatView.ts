/** What a chat shows, whoever draws it. */
import type { Pending } from '../conversations/pending';
import type { Link } from '../realtime/client';
import type { ChatNow, Opening, Service, VisitorMessage } from './protocol';

export interface ChatView {
  /** Whose chat it is; null until the server has said so. */
  readonly service: Service | null;
  /** Whether somebody would come now; null until the server has said so. */
  readonly opening: Opening | null;
  /** Whether the server knows us; before, a page may ask for a name. */
  readonly entered: boolean;
  readonly now: ChatNow;
  readonly messages: readonly VisitorMessage[];
  /** Words and files on their way, in the order in which they were said. */
  readonly pending: readonly Pending[];
  readonly link: Link;
  /** Up to where the agent has read. */
  readonly agentReadSeq: number;
  readonly agentTyping: boolean;
  /** The interaction that was rated here, so that it can be said. */
  readonly rated: string | null;
  /** So many unsent messages of somebody else were taken off this device. */
  readonly forgotten: number;
  /** They have just left this device: whether the server knows it, too. */
  readonly left: 'everywhere' | 'here' | null;
  /** Counts those who were here one after the other: what is typed belongs to one of them. */
  readonly person: number;
}
