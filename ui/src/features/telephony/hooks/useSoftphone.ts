import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { fetchPhoneAccount } from '../api/softphone';
import { Softphone, type PhoneState } from '../model/softphone';

export const SoftphoneContext = createContext<Softphone | null>(null);

const LOCK = 'careline.softphone';
const RETRY_MS = 10_000;

/**
 * The phone of this browser. Only one tab may be it, or an answered call would ring on in the others: the tab
 * that holds the lock registers, the rest stand by and take over when it closes.
 */
export function useOwnSoftphone(enabled: boolean): Softphone {
  const [phone] = useState(() => new Softphone());

  useEffect(() => {
    if (!enabled) return;
    const over = new AbortController();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const run = async () => {
      while (!over.signal.aborted) {
        try {
          await phone.start(await fetchPhoneAccount());
          break;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
      if (over.signal.aborted) phone.stop();
      return held;
    };
    phone.standBy();
    navigator.locks.request(LOCK, { signal: over.signal }, run).catch(() => undefined);
    return () => {
      over.abort();
      phone.stop();
      release();
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
