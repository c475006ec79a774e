import { Drawer } from 'antd';
import { lazy, Suspense } from 'react';
import { Loading } from '@/design/panels';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { COLUMN, useWidth } from './useWidth';

/** In a file of its own: the desk is there before it. */
const PastContactView = lazy(() => import('@/features/conversations/components/PastContactView').then((module) => ({ default: module.PastContactView })));

interface Props {
  customerId: string;
  /** Null shows none. */
  interactionId: string | null;
  onClose: () => void;
}

/** An earlier contact beside the one in hand, whose composer can still be written in. */
export function PastDrawer({ customerId, interactionId, onClose }: Props) {
  const t = useMessages(messages);
  const width = useWidth();
  return (
    <Drawer
      title={t('desk.past')}
      open={interactionId !== null}
      onClose={onClose}
      mask={width === 'wide' ? false : undefined}
      size={width === 'phone' ? '100%' : COLUMN}
      styles={{ body: { padding: 0 } }}
      destroyOnHidden
    >
      {interactionId !== null && (
        <Suspense fallback={<Loading what={t('desk.past')} rows={8} />}>
          <PastContactView key={interactionId} customerId={customerId} interactionId={interactionId} />
        </Suspense>
      )}
    </Drawer>
  );
}
