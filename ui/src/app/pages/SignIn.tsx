import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { SignInPage } from '@/features/identity/components/SignInPage';

export function SignIn() {
  const { next } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const router = useRouter();
  return (
    <SignInPage
      onSignedIn={() => {
        void router.invalidate().then(() => navigate({ href: next ?? '/', replace: true }));
      }}
    />
  );
}
