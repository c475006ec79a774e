import { expect, test } from 'vitest';
import type { AgentSettingsShown } from '@/shared/api/generated/types.gen';
import { changesOf, levelAt, withLevel, withoutSaved } from './levels';

const agent: AgentSettingsShown = { id: 'a', number: '8021', display_name: 'A', capacity: { voice: 1 }, skills: { tariff: 4 }, queues: null, desk_id: null, active: true, version: 3 };

test('a level that is set is a change, and the old one set again is none', () => {
  const drafts = withLevel(withLevel({}, agent, 'tariff', 0), agent, 'roaming', 2);
  expect([levelAt(drafts, agent, 'tariff'), levelAt(drafts, agent, 'roaming'), levelAt(drafts, agent, 'video')]).toEqual([0, 2, 0]);
  expect(changesOf([agent], drafts)).toEqual([{ agent_id: 'a', version: 3, skills: { tariff: 0, roaming: 2 } }]);
  const back = withLevel(withLevel(drafts, agent, 'tariff', 4), agent, 'roaming', 0);
  expect(changesOf([agent], back)).toEqual([]);
});

test('only what was saved is done with', () => {
  const drafts = { a: { fibre: 3, tariff: 2 }, b: { fibre: 1 } };
  expect(withoutSaved(drafts, [{ agent_id: 'a', version: 1, skills: { fibre: 3, tariff: 1 } }])).toEqual({ a: { tariff: 2 }, b: { fibre: 1 } });
});
