import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { SoftphoneContext } from '@/features/telephony/hooks/useSoftphone';
import { Softphone, type PhoneState } from '@/features/telephony/model/softphone';
import { TalkWatch } from './TalkWatch';

test('a talk that is over for the server is over on the line, any other goes on', async () => {
  new FakeServer().on('GET /api/v1/inbox', { offers: [], mine: [{ interaction_id: 'i-1', state: 'talking' }, { interaction_id: 'i-2', state: 'after_contact_work' }] });
  const phone = new Softphone(() => Promise.reject(new Error('not asked for')));
  const call = { ref: 'i-1', phase: 'talking', muted: false, held: false, quality: null } as const;
  const state: PhoneState = { registration: 'registered', call, microphoneRefused: false };
  phone.getState = () => state;
  let hungUp = 0;
  phone.hangUp = () => void (hungUp += 1);
  const { queries } = show(
    <SoftphoneContext value={phone}>
      <TalkWatch />
    </SoftphoneContext>,
  );
  await expect.poll(() => queries.getQueryData(['inbox'])).toBeTruthy();
  expect(hungUp).toBe(0);
  queries.setQueryData(['inbox'], { offers: [], mine: [{ interaction_id: 'i-1', state: 'after_contact_work' }] });
  await expect.poll(() => hungUp).toBe(1);
});
