/** Why a call is over, as the screen tells it. */
export type Ending = 'hung_up' | 'they_hung_up' | 'busy' | 'no_answer' | 'not_found' | 'no_microphone' | 'no_connection' | 'cut_off' | 'failed';

const BY_CAUSE: Readonly<Record<string, Ending>> = {
  Busy: 'busy',
  Rejected: 'busy',
  Canceled: 'hung_up',
  'No Answer': 'no_answer',
  'Request Timeout': 'no_connection',
  'Connection Error': 'no_connection',
  'RTP Timeout': 'cut_off',
  'Not Found': 'not_found',
  'Address Incomplete': 'not_found',
  'User Denied Media Access': 'no_microphone',
};

/** From JsSIP's cause and who brought it about; `local` is this phone. */
export function endingOf(cause: string | undefined, originator: string): Ending {
  if (cause === 'Terminated') return originator === 'local' ? 'hung_up' : 'they_hung_up';
  return BY_CAUSE[cause ?? ''] ?? 'failed';
}
