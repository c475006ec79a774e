import { ReasonsForm } from '@/features/routing-settings/components/ReasonsForm';

export function Reasons() {
  return <ReasonsForm />;
}
