import { DeskList } from '@/features/routing-settings/components/DeskList';

export function Desks() {
  return <DeskList />;
}
