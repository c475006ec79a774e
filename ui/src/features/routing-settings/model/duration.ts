/** A duration in its two largest parts, as words: which sentence, and what fills it. */
export function durationWords(seconds: number): ['time.s' | 'time.m' | 'time.ms' | 'time.h' | 'time.hm', Record<string, number>] {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (h > 0) return m > 0 ? ['time.hm', { h, m }] : ['time.h', { h }];
  if (m > 0) return s > 0 ? ['time.ms', { m, s }] : ['time.m', { m }];
  return ['time.s', { s }];
}
