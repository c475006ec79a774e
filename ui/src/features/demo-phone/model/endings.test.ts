import { expect, test } from 'vitest';
import { endingOf } from './endings';

test.each([
  ['Terminated', 'local', 'hung_up'],
  ['Terminated', 'remote', 'they_hung_up'],
  ['Canceled', 'local', 'hung_up'],
  ['Busy', 'remote', 'busy'],
  ['User Denied Media Access', 'local', 'no_microphone'],
  ['Connection Error', 'system', 'no_connection'],
  ['SIP Failure Code', 'remote', 'failed'],
  [undefined, 'remote', 'failed'],
] as const)('%s by %s is %s', (cause, originator, ending) => {
  expect(endingOf(cause, originator)).toBe(ending);
});
