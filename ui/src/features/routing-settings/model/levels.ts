import type { AgentSettingsShown, LevelsChange } from '@/shared/api/generated/types.gen';

/** Levels that were changed and not saved yet, by agent and skill. */
export type Drafts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function levelAt(drafts: Drafts, agent: AgentSettingsShown, skill: string): number {
  return drafts[agent.id]?.[skill] ?? agent.skills[skill] ?? 0;
}

/** What is as it was is no change any more. */
export function withLevel(drafts: Drafts, agent: AgentSettingsShown, skill: string, level: number): Drafts {
  const others = Object.entries(drafts[agent.id] ?? {}).filter(([code]) => code !== skill);
  const same = level === (agent.skills[skill] ?? 0);
  return { ...drafts, [agent.id]: Object.fromEntries(same ? others : [...others, [skill, level]]) };
}

export function changesOf(agents: readonly AgentSettingsShown[], drafts: Drafts): LevelsChange[] {
  return agents.flatMap(({ id, version }) => {
    const skills = drafts[id] ?? {};
    return Object.keys(skills).length === 0 ? [] : [{ agent_id: id, version, skills: { ...skills } }];
  });
}

/** What is left to be saved: changes of agents who are not shown now, and what was changed since. */
export function withoutSaved(drafts: Drafts, saved: readonly LevelsChange[]): Drafts {
  const left = { ...drafts };
  for (const { agent_id: id, skills } of saved) {
    left[id] = Object.fromEntries(Object.entries(left[id] ?? {}).filter(([skill, level]) => skills[skill] !== level));
  }
  return left;
}
