import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { inboxQuery } from '@/features/routing/api/inbox';
import { usePhoneState, useSoftphone } from '@/features/telephony/hooks/useSoftphone';

/** Lets go of a talk that the server knows to be over: an Asterisk that died told the phone nothing, which would be busy to the next caller. */
export function TalkWatch() {
  const phone = useSoftphone();
  const { call } = usePhoneState();
  const talking = call?.phase === 'talking';
  const inbox = useQuery({ ...inboxQuery, enabled: talking });
  const entry = inbox.data?.mine.find(({ interaction_id }) => interaction_id === call?.ref);
  const over = talking && entry?.state === 'after_contact_work';
  useEffect(() => {
    if (over) phone.hangUp();
  }, [over, phone]);
  return null;
}
