import type { OrgUnitShown } from '@/shared/api/generated/types.gen';

export interface UnitNode {
  value: string;
  title: string;
  unit: OrgUnitShown;
  children: UnitNode[];
}

/** Departments as a tree. They come parents first; one whose parent is not there stands at the top. */
export function treeOf(units: readonly OrgUnitShown[]): UnitNode[] {
  const nodes = new Map(units.map((unit) => [unit.id, { value: unit.id, title: unit.name, unit, children: [] as UnitNode[] }]));
  const top: UnitNode[] = [];
  for (const node of nodes.values()) (nodes.get(node.unit.parent_id ?? '')?.children ?? top).push(node);
  return top;
}

/** Where a department is: the names from the top down to it. */
export function pathOf(units: readonly OrgUnitShown[], id: string): string[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const names: string[] = [];
  for (let unit = byId.get(id); unit !== undefined && names.length <= units.length; unit = byId.get(unit.parent_id ?? '')) names.unshift(unit.name);
  return names;
}

/** A department and all that is below it. */
export function withBelow(units: readonly OrgUnitShown[], id: string): Set<string> {
  const found = new Set([id]);
  for (const unit of units) if (unit.parent_id !== null && found.has(unit.parent_id)) found.add(unit.id);
  return found;
}
