import { CircleAlert, ClipboardList, Mail, MessageCircleQuestionMark, Wrench } from 'lucide-react';
import { Label, type Tone } from '@/design/atoms';
import type { CaseState, CaseType } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);
const tones: Record<CaseState, Tone> = { open: 'warn', in_progress: 'accent', resolved: 'ok', closed: 'plain' };
const icons = { consultation: MessageCircleQuestionMark, complaint: CircleAlert, fault: Wrench, request: ClipboardList, message: Mail };

export function CaseStateLabel({ state }: { state: CaseState }) {
  const t = useMessages(messages);
  return <Label tone={tones[state]}>{t(`state.${state}`)}</Label>;
}

export function CaseTypeMark({ type }: { type: CaseType }) {
  const t = useMessages(messages);
  const Icon = icons[type];
  return (
    <span className="cl-row cl-nowrap" style={{ gap: 6 }}>
      <Icon size={14} className="cl-muted" aria-hidden />
      {t(`type.${type}`)}
    </span>
  );
}
