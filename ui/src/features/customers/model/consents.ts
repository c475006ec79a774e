import type { ConsentBasis, ConsentPurpose, ConsentShown } from '@/shared/api/generated/types.gen';

export const PURPOSES = ['marketing', 'personalisation', 'research', 'location', 'health', 'voice', 'under_14'] as const satisfies readonly ConsentPurpose[];

/** What a use may rest on, the usual basis first; the server holds the same rule. */
export function basesOf(purpose: ConsentPurpose): readonly ConsentBasis[] {
  if (purpose === 'under_14') return ['guardian', 'emergency'];
  if (purpose === 'location' || purpose === 'health' || purpose === 'voice') return ['separate', 'guardian', 'emergency'];
  return ['consent', 'separate'];
}

/** Of each purpose that anything was said on, the word that counts: the latest, which comes first. */
export function inForce(consents: readonly ConsentShown[]): ConsentShown[] {
  return PURPOSES.map((purpose) => consents.find((one) => one.purpose === purpose)).filter((one) => one !== undefined);
}
