import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { SignInPage } from '@/features/identity/components/SignInPage';

export function SignIn() {
  const { next, refused } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const router = useRouter();
  return (
    <SignInPage
      next={next}
      refused={refused}
      onSignedIn={() => {
        void router.invalidate().then(() => navigate({ href: next ?? '/', replace: true }));
      }}
    />
  );
}
