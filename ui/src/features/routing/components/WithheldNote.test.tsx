import { act, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { expect, test } from 'vitest';
import type { AgentState, Medium } from '@/shared/api/generated/types.gen';
import { locale } from '@/shared/i18n/locale';
import { MediaInHand } from './MediaInHand';
import { WithheldNote } from './WithheldNote';

const state = (voice: Partial<Medium>, chat: Partial<Medium>) =>
  ({
    chosen: 'ready',
    media: { voice: { state: 'idle', used: 0, limit: 1, withheld: null, ...voice }, chat: { state: 'idle', used: 0, limit: 3, withheld: null, ...chat } },
  }) as AgentState;

function Both({ of }: { of: AgentState }) {
  return (
    <>
      <WithheldNote state={of} />
      <MediaInHand state={of} />
    </>
  );
}

test('says what is not offered and why, and nothing while everything is', () => {
  const { update } = show(<Both of={state({ state: 'engaged', used: 1, withheld: 'full' }, { withheld: 'other_media' })} />);
  expect(screen.getByRole('status').textContent).toBe('On a call: no calls or chats are offered for now.');
  expect(screen.getAllByText('paused')).toHaveLength(2);
  update(<Both of={state({ withheld: 'other_media' }, { state: 'engaged', used: 1 })} />);
  expect(screen.getByRole('status').textContent).toBe('Chats in hand: no calls are offered for now.');
  const full = state({ withheld: 'other_media' }, { state: 'engaged', used: 3, withheld: 'full' });
  const three = { ...full, media: { ...full.media, message: { state: 'idle', used: 0, limit: 1, withheld: 'other_media' } } } as AgentState;
  update(<Both of={three} />);
  expect(screen.getByRole('status').textContent).toBe('All 3 chats in hand: no calls, chats, or messages are offered for now.');
  act(() => locale.set('zh-CN'));
  expect(screen.getByRole('status').textContent).toBe('会话已满 3 个，暂不派发电话、会话和留言。');
  act(() => locale.set('en'));
  update(<Both of={state({}, {})} />);
  expect(screen.getByRole('status').textContent).toBe('');
  expect(screen.queryByText(/paused/)).toBeNull();
});
