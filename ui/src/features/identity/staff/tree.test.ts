import { expect, test } from 'vitest';
import { pathOf, treeOf, withBelow } from './tree';

const unit = (id: string, parent_id: string | null) => ({ id, parent_id, name: id.toUpperCase(), people: 0, version: 1 });
const units = [unit('root', null), unit('a', 'root'), unit('a1', 'a'), unit('b', 'root'), unit('lost', 'gone')];

test('departments stand below their parents, and what has none at the top', () => {
  const [root, lost] = treeOf(units);
  expect([root?.value, lost?.value]).toEqual(['root', 'lost']);
  expect(root?.children.map((node) => [node.value, node.children.map((below) => below.value)])).toEqual([
    ['a', ['a1']],
    ['b', []],
  ]);
});

test('a path is told from the top, also when the tree is none', () => {
  expect(pathOf(units, 'a1')).toEqual(['ROOT', 'A', 'A1']);
  expect(pathOf(units, 'nobody')).toEqual([]);
  expect(pathOf([unit('x', 'y'), unit('y', 'x')], 'x').length).toBeLessThan(4);
});

test('nothing goes below itself', () => {
  expect([...withBelow(units, 'a')]).toEqual(['a', 'a1']);
});
