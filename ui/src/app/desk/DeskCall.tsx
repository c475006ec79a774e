import { useState } from 'react';
import { TransferDrawer } from '@/features/conversations/components/TransferDrawer';
import { CallBar } from '@/features/telephony/components/CallBar';

/** The call in hand: its bar, and to whom it can be passed on. */
export function DeskCall({ interactionId, heldSince }: { interactionId: string; heldSince: string | null }) {
  const [passing, setPassing] = useState(false);
  return (
    <>
      <CallBar interactionId={interactionId} heldSince={heldSince} onTransfer={() => setPassing(true)} />
      <TransferDrawer interactionId={interactionId} media="voice" open={passing} onClose={() => setPassing(false)} />
    </>
  );
}
