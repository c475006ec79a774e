import { useNavigate, useRouterState } from '@tanstack/react-router';
import { WelcomePage } from '@/features/identity/components/WelcomePage';

export function Welcome() {
  const navigate = useNavigate();
  const token = useRouterState({ select: (state) => state.location.hash });
  return <WelcomePage key={token} token={token} onDone={() => void navigate({ to: '/sign-in', hash: '', replace: true })} />;
}
