import { useQuery } from '@tanstack/react-query';
import { inboxQuery } from '@/features/routing/api/inbox';
import { OfferCard } from '@/features/routing/components/OfferCard';
import { ringingFirst } from '@/features/routing/model/urgency';
import { useSession } from '@/shared/session/session';
import styles from './Desk.module.css';
import { useAgentKeys } from './useDeskKeys';
import { useOffers } from './useOffers';

/** Offers reach an agent on every page, not only at the desk. */
export function FloatingOffers() {
  const { agent } = useSession();
  return agent === null ? null : <Offers />;
}

function Offers() {
  const inbox = useQuery(inboxQuery);
  const actions = useOffers();
  const offers = ringingFirst(inbox.data?.offers ?? []);
  useAgentKeys(offers[0] ?? null, actions);
  if (offers.length === 0) return null;
  return (
    <div className={styles.floating}>
      {offers.map((offer) => (
        <OfferCard key={offer.id} offer={offer} keys={offer === offers[0]} blocked={actions.blocked(offer)} onAccept={() => actions.accept(offer)} onDecline={() => actions.decline(offer)} />
      ))}
    </div>
  );
}
