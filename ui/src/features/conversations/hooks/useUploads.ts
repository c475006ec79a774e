import { createContext, use, useSyncExternalStore } from 'react';
import type { Message } from '@/shared/api/generated/types.gen';
import type { Upload, Uploads } from '@/shared/conversations/uploads';

export const UploadsContext = createContext<Uploads<Message> | null>(null);

export function useUploads(): Uploads<Message> {
  const uploads = use(UploadsContext);
  if (uploads === null) throw new Error('UploadsContext has no uploads: the page must provide them');
  return uploads;
}

/** The files on their way in one conversation. */
export function useOnTheirWay(conversationId: string): readonly Upload[] {
  const uploads = useUploads();
  return useSyncExternalStore(uploads.subscribe, uploads.getAll).filter((upload) => upload.conversationId === conversationId);
}
