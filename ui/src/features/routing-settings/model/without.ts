/** A record but for some of its fields. */
export function without<T extends object, K extends keyof T & string>(whole: T, ...names: K[]): Omit<T, K> {
  const rest = Object.entries(whole).filter(([name]) => !names.some((one) => one === name));
  return Object.fromEntries(rest) as Omit<T, K>;
}
