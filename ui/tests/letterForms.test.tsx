import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi, type Mock } from 'vitest';
import { LetterCard } from '@/features/portal/components/LetterCard';
import { ChatContext } from '@/features/portal/hooks/useChat';
import { letterForm } from '@/features/widget/letterForm';
import { NetworkFailure, Problem } from '@/shared/http/problem';
import { locale } from '@/shared/i18n/locale';
import type { ChatView } from '@/shared/visitor/chatView';
import { askedFor } from '@/shared/visitor/letter';
import type { VisitorChat } from '@/shared/visitor/visitorChat';

const CONSENT = 'You may call me <b>back</b>.';
const said = (author: string, code: string | null, text: string, params: object | null = null) => ({
  interaction_id: 'i-1', author, kind: code === null ? 'text' : 'notice', code, text, params,
});
const notice = said('system', 'message-asked-for', '', { because: 'closed', consent: CONSENT });
const view = { messages: [said('customer', null, 'No broadband'), notice], now: { interaction_id: 'i-1' } } as unknown as ChatView;

let leave: Mock<VisitorChat['leaveMessage']>;
const chat = (number: string) => ({ leaveMessage: leave, getView: () => view, getNumber: () => number }) as unknown as VisitorChat;

/** Each shows the form, and answers how it is taken away, as by a reload. */
const FORMS = {
  portal: (number: string) => {
    const asked = askedFor(view);
    if (asked === null) throw new Error('no message is asked for');
    return render(
      <ChatContext value={chat(number)}>
        <LetterCard asked={asked} />
      </ChatContext>,
    ).unmount;
  },
  widget: (number: string) => {
    const { place, draw } = letterForm(chat(number));
    document.body.append(place);
    expect(draw(view)).toBe(true);
    return () => place.remove();
  },
};

const words = () => screen.getByLabelText<HTMLTextAreaElement>('What is it about?');
const reach = () => screen.getByLabelText<HTMLInputElement>('How can we reach you?');
const tick = () => screen.getByRole<HTMLInputElement>('checkbox');
const send = () => screen.getByRole<HTMLButtonElement>('button');
const refusal = () => screen.getByRole('alert').textContent;

beforeEach(() => {
  leave = vi.fn<VisitorChat['leaveMessage']>();
  document.body.replaceChildren();
});

describe.each(Object.entries(FORMS))('the form of the %s', (_name, form) => {
  test('begins with what was said and the number that is known, and shows words as words', () => {
    form('13812346021');
    expect([words().value, reach().value, tick().checked]).toEqual(['No broadband', '13812346021', false]);
    expect(screen.getByLabelText(CONSENT)).toBe(tick());
    expect(document.querySelector('label b')).toBeNull();
  });

  test('says what lacks, one after another, where it lacks', async () => {
    form('');
    await userEvent.clear(words());
    await userEvent.type(words(), '   ');
    await userEvent.click(send());
    expect([refusal(), document.activeElement]).toEqual(['Write what it is about.', words()]);
    await userEvent.type(words(), 'Call me');
    await userEvent.click(send());
    expect([refusal(), document.activeElement]).toEqual(['Give a phone number or an email address, so that we can reach you.', reach()]);
    await userEvent.type(reach(), 'a@example.org');
    await userEvent.click(send());
    expect(refusal()).toBe('Please tick the box first.');
    expect(leave).not.toHaveBeenCalled();
  });

  test('keeps what was typed when it is refused, and sends it again under the same name', async () => {
    leave.mockRejectedValueOnce(new Problem(422, 'reach-not-usable', 'no', {}, 'reach')).mockRejectedValueOnce(new NetworkFailure()).mockResolvedValueOnce();
    const away = form('12');
    await userEvent.type(words(), ', since Monday');
    await userEvent.click(tick());
    await userEvent.click(send());
    await waitFor(() => expect(document.activeElement).toBe(reach()));
    expect([words().value, reach().value, tick().checked, send().disabled]).toEqual(['No broadband, since Monday', '12', true, false]);
    await userEvent.type(reach(), '345');
    await userEvent.click(send());
    await waitFor(() => expect(refusal()).not.toBe(''));
    away();
    form('12');
    expect([words().value, reach().value]).toEqual(['No broadband, since Monday', '12345']);
    await userEvent.click(tick());
    await userEvent.click(send());
    await waitFor(() => expect(leave).toHaveBeenCalledTimes(3));
    const sent = leave.mock.calls.map(([letter]) => letter);
    expect(sent.map((one) => one.reach)).toEqual(['12', '12345', '12345']);
    expect(new Set(sent.map((one) => one.client_id)).size).toBe(1);
    expect(sent[2]).toMatchObject({ interaction_id: 'i-1', text: 'No broadband, since Monday', consent: true });
    await waitFor(() => expect(Object.keys(localStorage).filter((key) => key.startsWith('careline.draft.'))).toEqual([]));
  });

  test('is sent once, however often it is pressed', async () => {
    let taken: () => void = () => undefined;
    leave.mockReturnValue(new Promise((resolve) => (taken = resolve)));
    form('13812346021');
    await userEvent.click(tick());
    await userEvent.dblClick(send());
    await userEvent.type(reach(), '{Enter}');
    expect([send().disabled, send().textContent]).toEqual([true, 'Sending']);
    taken();
    await Promise.resolve();
    await userEvent.click(send());
    expect(leave).toHaveBeenCalledTimes(1);
  });
});

test('the widget keeps what is typed when the language changes amid it', async () => {
  const { place, draw } = letterForm(chat(''));
  document.body.append(place);
  draw(view);
  await userEvent.type(reach(), 'a@example.org');
  const input = reach();
  draw({ ...view });
  expect(reach()).toBe(input);
  locale.set('zh-CN');
  draw(view);
  expect(screen.getByLabelText<HTMLInputElement>('怎么联系您').value).toBe('a@example.org');
});
