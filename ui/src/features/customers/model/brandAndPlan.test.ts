import { expect, test } from 'vitest';
import { brandAndPlan } from './brandAndPlan';

test.each([
  ['全球通', '全球通畅享 198 元', '全球通畅享 198 元'],
  ['全球通', '5G 畅享套餐', '全球通 5G 畅享套餐'],
  ['Global Link', '全球通畅享 198 元', 'Global Link 全球通畅享 198 元'],
])('%s, %s', (brand, plan, said) => {
  expect(brandAndPlan(brand, plan)).toBe(said);
});
