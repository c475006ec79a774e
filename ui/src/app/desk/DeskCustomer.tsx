import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { ClipboardPlus, PanelRightOpen } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { CustomerCases } from '@/features/cases/components/CustomerCases';
import { MakeCaseDrawer } from '@/features/cases/components/MakeCaseDrawer';
import { interactionQuery } from '@/features/conversations/api/interactions';
import { CustomerPanel } from '@/features/customers/components/CustomerPanel';
import type { InboxEntry } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { messages } from '../messages';
import { PastDrawer } from './PastDrawer';
import { useWidth } from './useWidth';

/** In a file of its own: the desk is there before it. */
const AssurancePanel = lazy(() => import('@/features/conversations/components/AssurancePanel').then((module) => ({ default: module.AssurancePanel })));

/** The customer of the contact in hand, with what the desk can do for them. */
export function DeskCustomer({ item }: { item: Pick<InboxEntry, 'interaction_id' | 'customer'> | null }) {
  const t = useMessages(messages);
  const may = useMay();
  const width = useWidth();
  const [making, setMaking] = useState(false);
  const [past, setPast] = useState<{ of: string | undefined; id: string } | null>(null);
  const interaction = useQuery({ ...interactionQuery(item?.interaction_id ?? ''), enabled: item !== null });
  const id = interaction.data?.customer?.id ?? item?.customer.id ?? null;
  const name = interaction.data?.customer?.name_masked ?? item?.customer.name_masked ?? t('desk.unknown');
  return (
    <>
      <CustomerPanel
        key={`panel ${item?.interaction_id}`}
        idle={item === null}
        customerId={id}
        currentInteractionId={item?.interaction_id ?? null}
        onOpenPast={(id) => setPast({ of: item?.interaction_id, id })}
        cases={item !== null && may('case:read') ? <CustomerCases customerId={id} interactionId={item.interaction_id} /> : null}
        assurance={
          item !== null && (
            <Suspense fallback={null}>
              <AssurancePanel interactionId={item.interaction_id} />
            </Suspense>
          )
        }
        actions={
          item !== null && (
            <>
              {may('case:write') && (
                <Button icon={<ClipboardPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
                  {t('desk.make_case')}
                </Button>
              )}
              {id !== null && may('customer:read') && (
                <Link to="/customers/$customerId" params={{ customerId: id }}>
                  <Button icon={<PanelRightOpen size={16} aria-hidden />} tabIndex={-1}>
                    {t('desk.record')}
                  </Button>
                </Link>
              )}
            </>
          )
        }
      />
      {id !== null && <PastDrawer customerId={id} interactionId={past !== null && past.of === item?.interaction_id ? past.id : null} onClose={() => setPast(null)} />}
      {item !== null && (
        <MakeCaseDrawer
          key={`case ${item.interaction_id}`}
          open={making}
          onClose={() => setMaking(false)}
          customer={id === null ? null : { id, name }}
          interactionId={item.interaction_id}
          onMade={() => setMaking(false)}
          beside={width === 'wide'}
        />
      )}
    </>
  );
}
