import { useQuery } from '@tanstack/react-query';
import { ErrorPanel, Loading } from '@/design/panels';
import type { FlowDetail } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { flowQuery } from '../api/flows';
import { messages } from '../messages';
import { Workbench } from './Workbench';

export interface Shown {
  /** The step that is looked at. */
  step?: string | undefined;
  /** As a graph or as a list; unset what the width of the screen suggests. */
  view?: 'graph' | 'outline' | undefined;
}

interface Props {
  code: string;
  shown: Shown;
  onShow: (shown: Shown) => void;
}

/** One flow, to be looked at, tried out and changed. */
export function FlowEditor({ code, shown, onShow }: Props) {
  const t = useMessages(messages);
  const flow = useQuery(flowQuery(code));
  const known: FlowDetail | undefined = flow.data;
  if (flow.isError && known === undefined) return <ErrorPanel what={t('flow')} error={flow.error} retry={() => void flow.refetch()} />;
  if (known === undefined) return <Loading what={t('flow')} rows={8} />;
  return <Workbench key={known.code} flow={known} shown={shown} onShow={onShow} onStored={() => void flow.refetch()} />;
}
