/** What portal, widget and desk all know about files that are sent. */

export interface Attachment {
  readonly id: string;
  /** What it is by its content, as the server says. */
  readonly media_type: string;
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_ms: number | null;
}

export type SentKind = 'picture' | 'voice' | 'file';

/** The server's own bound, told here before megabytes are sent in vain. */
export const MAX_FILE_BYTES = 10 * 1_048_576;

/** What the chooser of a phone or computer offers; the server looks at the content itself. */
export const CHOICE = 'image/png,image/jpeg,image/gif,image/webp,image/heic,application/pdf,text/plain,audio/*,video/mp4';

const STEP = 1024;

/** 812 B, 93 kB, 4.2 MB. */
export function formatSize(bytes: number): string {
  if (bytes < STEP) return `${bytes} B`;
  const kilo = bytes / STEP;
  return kilo < STEP ? `${Math.round(kilo)} kB` : `${(kilo / STEP).toFixed(1)} MB`;
}

/** The room of a picture before it is there, within a square of `side`. */
export function fitted({ width, height }: Attachment, side: number): { width: number; height: number } {
  const [w, h] = [width ?? side, height ?? side];
  const scale = Math.min(1, side / w, side / h);
  return { width: Math.max(1, Math.round(w * scale)), height: Math.max(1, Math.round(h * scale)) };
}
