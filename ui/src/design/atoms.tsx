/** The smallest parts: separator, key cap, initial, tag, channel mark. */
import { Mail, MessageCircle, Phone, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Media } from '@/shared/api/generated/types.gen';
import styles from './atoms.module.css';

export function Dot() {
  return <i className={styles.dot} aria-hidden="true" />;
}

/** Beside a control that tells its keys itself it is only for the eye; where it is what one came to read it is spoken. */
export function Key({ children, spoken = false }: { children: string; spoken?: boolean }) {
  return (
    <kbd className={styles.key} aria-hidden={!spoken}>
      {children}
    </kbd>
  );
}

export function Initial({ name, size = 32 }: { name: string; size?: 24 | 32 | 40 }) {
  const first = Array.from(name)[0] ?? '';
  return (
    <span className={styles.initial} style={{ inlineSize: size, blockSize: size, fontSize: size === 40 ? 16 : size === 24 ? 12 : 14 }} aria-hidden="true">
      {/\p{L}/u.test(first) ? first : <UserRound size={size / 2} />}
    </span>
  );
}

export type Tone = 'plain' | 'filled' | 'ok' | 'warn' | 'bad' | 'accent';

export function Label({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${styles.label} ${styles[tone]}`}>{children}</span>;
}

const MEDIA_ICONS = { voice: Phone, chat: MessageCircle, message: Mail } as const satisfies Record<Media, unknown>;

export function MediaIcon({ media, size = 16 }: { media: Media; size?: number }) {
  const Icon = MEDIA_ICONS[media];
  return <Icon size={size} aria-hidden />;
}

/** A figure with its name above and, where it is a mean or a share, how many it is taken from. */
export function SmallFigure({ label, value, n }: { label: string; value: ReactNode; n?: number | null }) {
  return (
    <span className={styles.figure}>
      <small>{label}</small>
      <b>
        {value}
        {n !== undefined && n !== null && n > 0 && <em>n={n}</em>}
      </b>
    </span>
  );
}
