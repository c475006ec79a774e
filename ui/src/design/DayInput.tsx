import { Input } from 'antd';
import { useTyped } from './useTyped';

/** While a year is typed the browser calls 2 the year 0002. */
const HALF_A_YEAR = /^0/;

/** A day (2026-11-23) that lives in the address. */
export function DayInput({ day = '', onDay }: { day: string | undefined; onDay: (day: string | undefined) => void }) {
  const [typed, setTyped] = useTyped(day, onDay, HALF_A_YEAR);
  return <Input type="date" value={typed} onChange={(event) => setTyped(event.target.value)} />;
}
