/**
 * The nine marks of state and severity: the only filled shapes on our screens. Each reads in grey print, by its
 * shape alone. They are decoration beside their word, hence hidden from assistive technology.
 */
import type { ReactNode } from 'react';

interface GlyphProps {
  size?: number;
}

function Glyph({ size = 14, children }: GlyphProps & { children: ReactNode }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" aria-hidden="true" style={{ flex: 'none', verticalAlign: '-2px' }}>
      {children}
    </svg>
  );
}

const hole = 'var(--cl-glyph-hole, var(--ant-color-bg-container))';

export function ReadyGlyph(props: GlyphProps) {
  return (
    <Glyph {...props}>
      <circle cx="8" cy="8" r="6" fill="currentColor" />
    </Glyph>
  );
}

export function ReservedGlyph(props: GlyphProps) {
  return (
    <Glyph {...props}>
      <circle cx="8" cy="8" r="5.4" stroke="currentColor" strokeWidth="1.75" />
      <circle cx="8" cy="8" r="2.2" fill="currentColor" />
    </Glyph>
  );
}

export function EngagedGlyph(props: GlyphProps) {
  return (
    <Glyph {...props}>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2.5" fill="currentColor" />
    </Glyph>
  );
}

export function AfterContactWorkGlyph(props: GlyphProps) {
  return (
    <Glyph {...props}>
      <circle cx="8" cy="8" r="5.4" stroke="currentColor" strokeWidth="1.75" />
      <path d="M8 2.6a5.4 5.4 0 0 1 0 10.8z" fill="currentColor" />
    </Glyph>
  );
}

export function NotReadyGlyph(props: GlyphProps) {
  return (
    <Glyph {...props}>
      <rect x="3.4" y="2.5" width="3.2" height="11" rx="1" fill="currentColor" />
      <rect x="9.4" y="2.5" width="3.2" height="11" rx="1" fill="currentColor" />
    </Glyph>
  );
}

export function OfflineGlyph(props: GlyphProps) {
  return (
    <Glyph {...props}>
      <circle cx="8" cy="8" r="5.2" stroke="currentColor" strokeWidth="1.75" />
    </Glyph>
  );
}

export function OkGlyph(props: GlyphProps) {
  return (
    <Glyph {...props}>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path d="m5.2 8.2 2 2 3.6-4" stroke={hole} strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" />
    </Glyph>
  );
}

export function WarningGlyph(props: GlyphProps) {
  return (
    <Glyph {...props}>
      <path d="M8 1.8 15 14H1z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
      <path d="M8 6.2v3.6M8 11.8v.1" stroke={hole} strokeWidth="1.6" strokeLinecap="round" />
    </Glyph>
  );
}

export function BrokenGlyph(props: GlyphProps) {
  return (
    <Glyph {...props}>
      <path d="M5.2 1.4h5.6l3.8 3.8v5.6l-3.8 3.8H5.2l-3.8-3.8V5.2z" fill="currentColor" />
      <path d="M8 4.6v4.2M8 11.2v.1" stroke={hole} strokeWidth="1.8" strokeLinecap="round" />
    </Glyph>
  );
}
