import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Offer } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { OfferCard } from './OfferCard';

const offer = (part: Partial<Offer> = {}): Offer => ({
  id: 'o-1',
  token: 't',
  item_id: 'w-1',
  interaction_id: 'i-1',
  media: 'chat',
  queue: { id: 'q-1', name: 'Broadband' },
  customer: { id: null, name_masked: 'Li*', number_masked: '160****7788' },
  waited_s: 46,
  deadline: new Date(Date.now() + 18_000).toISOString(),
  ring_s: 20,
  why: [{ code: 'skill-highest', params: { skill: 'Broadband', level: 5 } }],
  transfer: null,
  ...part,
});

const never = () => Promise.resolve();

// The time that is left is shown to the second.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

test('says what it is, why it came to me and how long I have, and is announced', () => {
  show(<OfferCard offer={offer()} blocked={null} onAccept={never} onDecline={never} />);
  expect(screen.getByRole('region', { name: 'New offer' }).textContent).toContain('Li* 160****7788');
  expect(screen.getByText(/level 5, highest in this queue/)).toBeTruthy();
  expect(screen.getByRole('img', { name: /18 seconds left/ })).toBeTruthy();
  expect(screen.getByText(/^New offer: Chat, Broadband/).getAttribute('aria-live')).toBe('assertive');
});

test('takes no focus when it appears', () => {
  show(
    <>
      <textarea aria-label="reply" autoFocus />
      <OfferCard offer={offer()} blocked={null} onAccept={never} onDecline={never} />
    </>,
  );
  expect(document.activeElement).toBe(screen.getByLabelText('reply'));
});

test('accepting that fails is said in words', async () => {
  const accept = vi.fn(() => Promise.reject(new Problem(409, 'offer-gone', '')));
  show(<OfferCard offer={offer()} blocked={null} onAccept={accept} onDecline={never} />);
  await userEvent.click(screen.getByRole('button', { name: /Accept/ }));
  expect(await screen.findByText('This offer is gone.')).toBeTruthy();
  expect(accept).toHaveBeenCalledOnce();
});

test('cannot be accepted while the phone does not ring, nor after its time; passing it on is always open', async () => {
  const decline = vi.fn(never);
  const { update } = show(<OfferCard offer={offer({ media: 'voice' })} blocked="Phone not ringing yet" onAccept={never} onDecline={decline} />);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /not ringing/ }).disabled).toBe(true);
  update(<OfferCard offer={offer({ deadline: new Date(Date.now() - 1000).toISOString() })} blocked={null} onAccept={never} onDecline={decline} />);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /Accept/ }).disabled).toBe(true);
  await userEvent.click(screen.getByRole('button', { name: 'Pass on' }));
  expect(decline).toHaveBeenCalledOnce();
});

test('what was passed on says by whom and why', () => {
  const transfer = {
    from_name: 'Li Na',
    to_queue_name: 'Broadband',
    to_agent_name: null,
    note: 'wants to move house',
    begun_at: '2026-01-02T00:00:00Z',
    ended_at: null,
    outcome: null,
    taken_by_name: null,
    taken_over: false,
  };
  show(<OfferCard offer={offer({ transfer, why: [{ code: 'passed-on-to-me', params: {} }] })} blocked={null} onAccept={never} onDecline={never} />);
  expect(screen.getByText('Passed on by Li Na')).toBeTruthy();
  expect(screen.getByText('wants to move house')).toBeTruthy();
  expect(screen.getByText(/a colleague chose me/)).toBeTruthy();
});
