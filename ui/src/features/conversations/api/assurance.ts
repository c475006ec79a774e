import { queryOptions } from '@tanstack/react-query';
import {
  conversationsAskNewPassword,
  conversationsAskPassword,
  conversationsAssurance,
  conversationsSendCode,
  conversationsTryAnswers,
  conversationsTryCode,
  conversationsWithdrawPassword,
} from '@/shared/api/generated/sdk.gen';
import type { AnswersTried } from '@/shared/api/generated/types.gen';

export const assuranceQuery = (interactionId: string) =>
  queryOptions({
    queryKey: ['interaction', interactionId, 'assurance'],
    queryFn: ({ signal }) => conversationsAssurance({ path: { interaction_id: interactionId }, signal }),
  });

/** Sends a code to a line of the customer, who reads it out. */
export const sendCode = (interactionId: string, subscriptionId: string) =>
  conversationsSendCode({ path: { interaction_id: interactionId }, body: { subscription_id: subscriptionId } });

export const tryCode = (interactionId: string, code: string) => conversationsTryCode({ path: { interaction_id: interactionId }, body: { code } });

export const tryAnswers = (interactionId: string, answers: AnswersTried['answers']) =>
  conversationsTryAnswers({ path: { interaction_id: interactionId }, body: { answers } });

/** Shows the customer a form for the service password of a line, which nobody of ours sees. */
export const askPassword = (interactionId: string, subscriptionId: string) =>
  conversationsAskPassword({ path: { interaction_id: interactionId }, body: { subscription_id: subscriptionId } });

export const askNewPassword = (interactionId: string, subscriptionId: string) =>
  conversationsAskNewPassword({ path: { interaction_id: interactionId }, body: { subscription_id: subscriptionId } });

export const withdrawPassword = (interactionId: string, formId: string) =>
  conversationsWithdrawPassword({ path: { interaction_id: interactionId, form_id: formId } });
