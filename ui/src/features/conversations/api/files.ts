import { conversationsFileLink } from '@/shared/api/generated/sdk.gen';
import { FileLinks } from '@/shared/conversations/links';

const known = new Map<string, FileLinks>();

/** Where the files of a conversation are. */
export function linksOf(conversationId: string): FileLinks {
  const found =
    known.get(conversationId) ??
    new FileLinks((id) => conversationsFileLink({ path: { conversation_id: conversationId, file_id: id } }));
  known.set(conversationId, found);
  return found;
}
