import type { FlowFile } from '@/shared/api/generated/types.gen';

/** A flow that was taken out, from the text of its file; null for what is none. */
export function flowFile(text: string): FlowFile | null {
  try {
    const raw: unknown = JSON.parse(text);
    if (typeof raw !== 'object' || raw === null) return null;
    const { format, code, name, version, definition, drawing } = raw as Record<string, unknown>;
    if (format !== 'careline-flow-1' || typeof code !== 'string' || typeof name !== 'string' || !isObject(definition)) return null;
    return { format, code, name, version: typeof version === 'number' ? version : 1, definition, drawing: isObject(drawing) ? drawing : null };
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
