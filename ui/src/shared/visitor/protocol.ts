/** The customer's side of a chat, as the server speaks it under `/api/v1/visitor`. */
import type { Attachment, SentKind } from '../conversations/attachments';
import { json } from '../http/json';
import type { Page } from '../http/page';
import type { Locale } from '../i18n/locale';

export interface Visitor {
  readonly token: string;
  readonly visitor_id: string;
  readonly expires_at: string;
}

/** A visitor as all tabs of a browser remember them. */
export interface Remembered extends Visitor {
  /** The id under which the server knew the same person until it had forgotten them. */
  readonly continues?: string;
  /** Somebody said who they are, and was not made known in passing. */
  readonly introduced?: boolean;
}

/** How customers know a centre. */
export interface Service {
  readonly name: string;
  readonly hotline: string | null;
  /** An IANA name. */
  readonly time_zone: string;
}

/** Whether people serve chats now, and when they do next; null while they do, or nobody can say. */
export interface Opening {
  readonly open: boolean;
  readonly opens_at: string | null;
}

export interface VisitorMessage {
  readonly id: string;
  readonly interaction_id: string;
  readonly seq: number;
  readonly client_id: string | null;
  readonly author: 'customer' | 'agent' | 'system' | 'bot';
  readonly author_name: string | null;
  /** A notice has no text but `code` and `params`, which the screen puts into words; of a file the text is its name. */
  readonly kind: 'text' | 'notice' | SentKind;
  readonly text: string;
  readonly code: string | null;
  readonly params: Readonly<Record<string, unknown>> | null;
  readonly at: string;
  readonly attachment: Attachment | null;
}

export type ChatState = 'none' | 'flow' | 'queued' | 'chatting' | 'ended';

/** As much as may honestly be told of a wait: under, about or over so many minutes. */
export interface Wait {
  readonly word: 'under' | 'about' | 'over';
  readonly minutes: number;
}

export interface ChatNow {
  readonly conversation_id: string | null;
  readonly interaction_id: string | null;
  readonly state: ChatState;
  readonly agent_name: string | null;
  /** Counts the customer, too: 1 is the next to be served. */
  readonly queue_position: number | null;
  /** None while nothing is known that would be better than a plain guess. */
  readonly wait: Wait | null;
  readonly last_seq: number;
  readonly rating_open: boolean;
}

/** A visitor has one conversation. */
export const MINE = 'mine';

/** Before the first message. */
export const NOTHING: ChatNow = {
  conversation_id: null,
  interaction_id: null,
  state: 'none',
  agent_name: null,
  queue_position: null,
  wait: null,
  last_seq: 0,
  rating_open: false,
};

/** Whether anybody serves the customer, or will. */
export const isLive = ({ state }: ChatNow): boolean => state === 'flow' || state === 'queued' || state === 'chatting';

/** What the customer says of themselves; a number is a claim and proves nothing. */
export interface Introduction {
  readonly name: string | null;
  readonly msisdn: string | null;
}

export const MAX_TEXT = 4000;
export const MAX_LETTER = 2000;
export const MAX_REACH = 254;

/** A message for when nobody can serve: what is sent under one `client_id` is stored once. */
export interface Letter {
  readonly interaction_id: string;
  readonly client_id: string;
  readonly text: string;
  readonly reach: string;
  readonly consent: boolean;
}

/** What became of a service password that was typed: right or kept, and how often it may be tried again. */
export interface PasswordFilled {
  readonly done: boolean;
  readonly tries_left: number;
}

export const visitorApi = {
  service: (tenant: string) => json.get<Service>('/visitor/service', { query: { tenant } }),
  opening: (tenant: string) => json.get<Opening>('/visitor/opening', { query: { tenant } }),
  fillPassword: (formId: string, purpose: 'enter' | 'choose', password: string) =>
    json.post<PasswordFilled>(`/visitor/password-forms/${formId}`, { purpose, password }),
  leave: (letter: Letter) => json.post('/visitor/left-messages', letter),
  enter: (tenant: string, who: Introduction, locale: Locale) => json.post<Visitor>('/visitor', { tenant, ...who, locale }),
  now: () => json.get<ChatNow>('/visitor/conversation'),
  messagesAfter: (seq: number) => json.get<Page<VisitorMessage>>('/visitor/messages', { query: { after: seq } }),
  /** Stored once however often it is sent: `client_id` names it. */
  say: (clientId: string, text: string) => json.post<VisitorMessage>('/visitor/messages', { client_id: clientId, text }),
  typing: () => json.post('/visitor/typing'),
  read: (seq: number) => json.post('/visitor/read', { seq }),
  end: () => json.post('/visitor/end'),
  leaveDevice: () => json.post('/visitor/leave', undefined, { keepalive: true }),
  rate: (interactionId: string, score: number, comment: string | null) =>
    json.post('/visitor/rating', { interaction_id: interactionId, score, comment }),
};
