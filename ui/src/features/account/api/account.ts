import { queryOptions } from '@tanstack/react-query';
import {
  identityChangeLocale,
  identityChangePassword,
  identityConfirmSecondFactor,
  identityEnrolSecondFactor,
  identityRenewRecoveryCodes,
  identityRevokeOtherSessions,
  identityRevokeSession,
  identitySecondFactor,
  identitySessions,
  identityTurnOffSecondFactor,
} from '@/shared/api/generated/sdk.gen';
import type { FactorOffWanted, PasswordWanted } from '@/shared/api/generated/types.gen';

export const mySessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: async ({ signal }) => (await identitySessions({ signal })).items,
});

export const factorQuery = queryOptions({
  queryKey: ['account', 'second-factor'],
  queryFn: ({ signal }) => identitySecondFactor({ signal }),
});

export const endSession = (session_id: string) => identityRevokeSession({ path: { session_id } });

export const endOtherSessions = () => identityRevokeOtherSessions();

export const changePassword = (body: PasswordWanted) => identityChangePassword({ body });

export const changeLocale = (locale: string) => identityChangeLocale({ body: { locale } });

/** The answer is shown and forgotten: no cache keeps a secret. */
export const enrolFactor = (password: string) => identityEnrolSecondFactor({ body: { password } });

export const confirmFactor = async (code: string) => (await identityConfirmSecondFactor({ body: { code } })).codes;

export const renewCodes = async (code: string) => (await identityRenewRecoveryCodes({ body: { code } })).codes;

export const turnOffFactor = (body: FactorOffWanted) => identityTurnOffSecondFactor({ body });
