import { Label } from '@/design/atoms';
import type { Likeness, LikenessReason } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);

/** How likely two customers are one, and what speaks for it. */
export function Likeliness({ likeness, reasons }: { likeness: Likeness | null; reasons: readonly LikenessReason[] }) {
  const t = useMessages(messages);
  return (
    <span style={{ display: 'flex', flexWrap: 'wrap', gap: 4 }}>
      <Label tone={likeness === 'high' ? 'accent' : 'plain'}>{t(`likeness.${likeness ?? 'none'}`)}</Label>
      {reasons.map((reason) => (
        <Label key={reason}>{t(`reason.${reason}`)}</Label>
      ))}
    </span>
  );
}
