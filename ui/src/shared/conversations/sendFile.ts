import { upload } from '../http/upload';
import type { Pending } from './pending';

/** Sends a file to where messages of its kind go. Stored once however often it is sent: its client id names it. */
export function sendFile<M>(path: string, { clientId, text, file }: Pending, body: Blob, progress: (share: number) => void, signal: AbortSignal): Promise<M> {
  const durationMs = file?.durationMs ?? null;
  const query = { client_id: clientId, name: text, ...(durationMs !== null && { duration_ms: Math.round(durationMs) }) };
  return upload<M>(path, { query, body, progress, signal });
}
