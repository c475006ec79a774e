import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { alone } from '@/shared/tabs/alone';
import { fetchPhoneAccount } from '../api/softphone';
import { Softphone, type PhoneState } from '../model/softphone';

export const SoftphoneContext = createContext<Softphone | null>(null);

const LOCK = 'careline.softphone';

/**
 * The phone of this browser. Only one tab may be it, or an answered call would ring on in the others: the tab
 * that holds the lock registers, the rest stand by and take over when it closes.
 */
export function useOwnSoftphone(enabled: boolean): Softphone {
  const [phone] = useState(() => new Softphone(fetchPhoneAccount));

  useEffect(() => {
    if (!enabled) return;
    const over = new AbortController();
    const run = () => {
      phone.start();
      return new Promise<void>((release) => over.signal.addEventListener('abort', () => release()));
    };
    phone.standBy();
    alone(LOCK, run, over.signal).catch(() => undefined);
    window.addEventListener('pagehide', () => phone.leave(), { signal: over.signal });
    return () => {
      over.abort();
      phone.stop();
    };
  }, [enabled, phone]);

  return phone;
}

export function useSoftphone(): Softphone {
  const phone = use(SoftphoneContext);
  if (phone === null) throw new Error('SoftphoneContext has no phone: the page must provide one');
  return phone;
}

export function usePhoneState(): PhoneState {
  const phone = useSoftphone();
  return useSyncExternalStore(phone.subscribe, phone.getState);
}
