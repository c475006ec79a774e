import { expect, it } from 'vitest';
import { newId } from './newId';

it('makes version 4 UUIDs, another each time', () => {
  const made = new Set(Array.from({ length: 500 }, newId));
  expect(made.size).toBe(500);
  for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
