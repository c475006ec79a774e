import { conversationsFileLink } from '@/shared/api/generated/sdk.gen';
import type { Message } from '@/shared/api/generated/types.gen';
import { FileLinks } from '@/shared/conversations/links';
import type { Upload } from '@/shared/conversations/uploads';
import { upload } from '@/shared/http/upload';

/** Stored once however often it is sent: `clientId` names it. */
export function sendFile(
  { conversationId, clientId, name, blob, durationMs }: Upload,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Message> {
  const query = { client_id: clientId, name, ...(durationMs !== null && { duration_ms: Math.round(durationMs) }) };
  return upload<Message>(`/conversations/${conversationId}/files`, { query, body: blob, progress, signal });
}

const known = new Map<string, FileLinks>();

/** Where the files of a conversation are. */
export function linksOf(conversationId: string): FileLinks {
  const found =
    known.get(conversationId) ??
    new FileLinks((id) => conversationsFileLink({ path: { conversation_id: conversationId, file_id: id } }));
  known.set(conversationId, found);
  return found;
}
