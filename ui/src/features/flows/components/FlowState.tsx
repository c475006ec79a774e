import { Label } from '@/design/atoms';
import type { FlowSummary } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './FlowState.module.css';

/** Which version is in force, and whether a newer one is not: a draft, or one that was rolled back. */
export function FlowState({ flow: { published_version, newest_version } }: { flow: Pick<FlowSummary, 'published_version' | 'newest_version'> }) {
  const t = useMessages(messages);
  const newer = newest_version !== published_version && newest_version > (published_version ?? 0);
  return (
    <span className={styles.state}>
      {published_version === null ? <Label tone="warn">{t('flow.unpublished')}</Label> : <Label tone="ok">{t('flow.published', { n: published_version })}</Label>}
      {newer && <Label tone="accent">{t('flow.newer', { n: newest_version })}</Label>}
    </span>
  );
}
