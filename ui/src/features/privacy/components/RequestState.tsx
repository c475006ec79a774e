import { Label, type Tone } from '@/design/atoms';
import type { DataRequest, RequestState as State } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';

const TONES: Record<State, Tone> = { waiting: 'warn', running: 'accent', ready: 'ok', done: 'ok', refused: 'plain', expired: 'plain' };

export function RequestState({ request }: { request: DataRequest }) {
  const t = useMessages(messages);
  if (request.stuck) return <Label tone="bad">{t('stuck', { state: t(`state.${request.state}`) })}</Label>;
  if (request.overdue) return <Label tone="bad">{t('overdue', { state: t(`state.${request.state}`) })}</Label>;
  return <Label tone={TONES[request.state]}>{t(`state.${request.state}`)}</Label>;
}
