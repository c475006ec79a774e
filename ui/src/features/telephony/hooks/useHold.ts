import { App } from 'antd';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { holdCall } from '../api/softphone';

/** Whether the caller is on hold: as the server said last, or as was asked of it since. */
export function useHold(interactionId: string, heldSince: string | null) {
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const said = heldSince !== null;
  const [wish, setWish] = useState<boolean | null>(null);
  if (wish === said) setWish(null);
  const held = wish ?? said;

  const toggle = () => {
    if (wish !== null) return;
    setWish(!said);
    holdCall(interactionId, !said).catch((error: unknown) => {
      setWish(null);
      void message.error(sentence(error));
    });
  };
  return { held, toggle };
}
