import type { ReactNode } from 'react';
import { BrokenGlyph, OkGlyph, WarningGlyph } from './glyphs';

export type SeverityLevel = 'none' | 'ok' | 'warn' | 'bad';

const marks = { ok: OkGlyph, warn: WarningGlyph, bad: BrokenGlyph };

/** A figure or word with the mark of how bad it is: shape first, colour second. */
export function Severity({ level, size = 12, children }: { level: SeverityLevel; size?: number; children?: ReactNode }) {
  if (level === 'none') return <>{children}</>;
  const Mark = marks[level];
  return (
    <span className={`cl-${level} cl-nowrap`}>
      <Mark size={size} />
      {children !== undefined && <> {children}</>}
    </span>
  );
}

/** Against a target that is a share: within it, up to five points below, or worse. */
export function againstTarget(value: number, target: number): SeverityLevel {
  if (value >= target) return 'ok';
  return target - value <= 0.05 + Number.EPSILON ? 'warn' : 'bad';
}
