import { describe, expect, it } from 'vitest';
import type { ConsentShown } from '@/shared/api/generated/types.gen';
import { basesOf, inForce } from './consents';

const said = (purpose: ConsentShown['purpose'], given: boolean, at: string): ConsentShown => ({
  id: at,
  purpose,
  given,
  basis: 'consent',
  how: 'call',
  proof: 'yes',
  proof_version: null,
  at,
  recorded_by: null,
});

describe('consents', () => {
  it('counts the latest word of each purpose', () => {
    const all = [said('marketing', false, '2026-03-02'), said('location', true, '2026-03-01'), said('marketing', true, '2026-02-01')];
    expect(inForce(all).map(({ purpose, given }) => [purpose, given])).toEqual([
      ['marketing', false],
      ['location', true],
    ]);
    expect(inForce([])).toEqual([]);
  });

  it('asks for a basis of its own where the law does', () => {
    expect(basesOf('marketing')[0]).toBe('consent');
    for (const purpose of ['location', 'health', 'voice'] as const) expect(basesOf(purpose)).not.toContain('consent');
    expect(basesOf('under_14')).toEqual(['guardian', 'emergency']);
  });
});
