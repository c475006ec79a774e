import { setTimeZone } from '../time/zone';
import type { ChatView } from './chatView';
import { visitorApi } from './protocol';

/** Whose page this is, and whether somebody is there. A heading without them is better than none; they are asked for again when the network is back. */
export function learnService(tenant: string, learn: (change: Partial<Pick<ChatView, 'service' | 'opening'>>) => void): void {
  visitorApi.service(tenant).then(
    (service) => {
      setTimeZone(service.time_zone);
      learn({ service });
    },
    () => undefined,
  );
  visitorApi.opening(tenant).then(
    (opening) => learn({ opening }),
    () => undefined,
  );
}
