import { stored } from '@/shared/storage/stored';

/** Bigger type and targets, chosen by the customer and kept in their browser. */
export const elderMode = stored('careline.elder', false, (raw) => (typeof raw === 'boolean' ? raw : undefined));
