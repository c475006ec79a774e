import { beforeEach, expect, test } from 'vitest';
import { forgetDrafts, keepDraftsOf, outboxOf, readDraft, saveDraft, unsentOf } from './drafts';

const kept = () => Object.keys(localStorage).sort();

beforeEach(() => {
  localStorage.clear();
  forgetDrafts();
});

test('what one types is not there for the next at the same computer, and there again for the same one', () => {
  keepDraftsOf('one');
  saveDraft('message.c-1', '您好');
  localStorage.setItem(`${outboxOf('one')}.m-1`, '{}');
  keepDraftsOf('one');
  expect(readDraft('message.c-1')).toBe('您好');
  expect(kept()).toHaveLength(2);
  keepDraftsOf('two');
  expect(readDraft('message.c-1')).toBeUndefined();
  expect(kept()).toEqual([]);
});

test('signing out leaves nothing of a desk, and what a customer types in the same browser alone', () => {
  saveDraft('visitor', '我的宽带');
  keepDraftsOf('one');
  saveDraft('note.c-1', '客户着急');
  forgetDrafts();
  expect(kept()).toEqual(['careline.draft.visitor']);
  expect(readDraft('visitor')).toBe('我的宽带');
});

test('what is not sent is counted: texts and messages on their way, not what the server has, nor what is empty', () => {
  keepDraftsOf('one');
  saveDraft('message.c-1', '您好');
  saveDraft('note.c-1', '  ');
  saveDraft('case.i-1', { type: 'fault', title: '断网', text: '' });
  saveDraft('case.i-2', { type: 'fault', title: '', text: '' });
  saveDraft('case.i-1.sent', { body: 'x', id: 'y' });
  saveDraft('wrap-up.i-1', { disposition: null, note: '已恢复' });
  localStorage.setItem(`${outboxOf('one')}.m-1`, '{}');
  expect(unsentOf('one')).toBe(3);
  expect(unsentOf('two')).toBe(0);
});
