import { Link } from '@tanstack/react-router';
import type { CustomerShown } from '@/shared/api/generated/types.gen';

/** A customer in a list of pairs. */
export function Who({ customer }: { customer: CustomerShown }) {
  return (
    <span className="cl-row" style={{ gap: 8, flexWrap: 'wrap' }}>
      <Link to="/customers/$customerId" params={{ customerId: customer.id }}>
        {customer.name_masked}
      </Link>
      <span className="cl-note cl-muted">{customer.subscriptions[0]?.msisdn_masked}</span>
    </span>
  );
}
