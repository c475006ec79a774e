import { queryOptions } from '@tanstack/react-query';
import { identityAcceptInvitation, identityLookAtInvitation } from '@/shared/api/generated/sdk.gen';

export const invitedQuery = (token: string) =>
  queryOptions({
    // The token is a secret: it opens the account until the password is set. It is in no address and no storage.
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => identityLookAtInvitation({ body: { token }, signal }),
    gcTime: 0,
  });

export const acceptInvitation = (token: string, password: string) => identityAcceptInvitation({ body: { token, password } });
