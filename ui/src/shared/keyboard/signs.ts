import { stored } from '../storage/stored';

/**
 * Whether shortcuts of one sign, such as ?, are heard. Who speaks to the computer, or whose hand trembles, needs to
 * turn them off (WCAG 2.1.4).
 */
export const signsHeard = stored<boolean>('careline.keys.signs', true, (raw) => (typeof raw === 'boolean' ? raw : undefined));
