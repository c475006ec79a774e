/** What a line is, said once: most plans begin with the name of their brand. */
export const brandAndPlan = (brand: string, plan: string): string => (plan.startsWith(brand) ? plan : `${brand} ${plan}`);
