import { Tag } from 'antd';
import type { Outcome } from '@/shared/api/generated/types.gen';
import { useAuditMessages } from '../sentence';

/** How it ended, where it was not simply done. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  const t = useAuditMessages();
  if (outcome === 'allowed') return null;
  return <Tag color={outcome === 'denied' ? 'error' : 'warning'}>{t(`outcome.${outcome}`)}</Tag>;
}
