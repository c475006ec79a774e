import { createContext, use, useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import type { Link, RealtimeClient } from './client';
import { CLOSE, type TopicEvent } from './frames';

export const RealtimeContext = createContext<RealtimeClient | null>(null);

function useClient(): RealtimeClient {
  const client = use(RealtimeContext);
  if (client === null) throw new Error('RealtimeContext has no client: the page must provide one');
  return client;
}

export function useLink(): Link {
  const client = useClient();
  return useSyncExternalStore(client.onLink, client.getLink);
}

/** Whether the server lets this page have nothing live, whoever is signed in. */
export function useShutOut(): boolean {
  const client = useClient();
  return useSyncExternalStore(client.onLink, client.getCloseCode) === CLOSE.refused;
}

/** Tells the client, which will not come back by itself after the server refused it, to try again. */
export function useComeBack(): () => void {
  return useClient().comeBack;
}

/** Whether something on the screen is not told live, and how to ask for it again. */
export function useRefused(): { refused: boolean; askAgain: () => void } {
  const client = useClient();
  const refused = useSyncExternalStore(client.onRefused, client.getRefused);
  return { refused, askAgain: () => client.askAgain() };
}

/**
 * Follow a topic while the component is on the screen; null follows nothing. `event` is for changes small enough
 * to apply to what is cached, `reset` means fetch again.
 */
export function useTopic(topic: string | null, on: { event: (event: TopicEvent) => void; reset: () => void }): void {
  const client = useClient();
  const event = useEffectEvent(on.event);
  const reset = useEffectEvent(on.reset);
  useEffect(() => {
    if (topic === null) return;
    return client.subscribe(topic, { event: (e) => event(e), reset: () => reset() });
  }, [client, topic]);
}
