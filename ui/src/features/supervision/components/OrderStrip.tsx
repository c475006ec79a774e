import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { WarningGlyph } from '@/design/glyphs';
import { useStateName } from '@/design/AgentState';
import type { Chosen, StateOrderShown } from '@/shared/api/generated/types.gen';
import { useReasons } from '@/shared/agents/useReasons';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { stored } from '@/shared/storage/stored';
import { useStored } from '@/shared/storage/useStored';
import { formatTimeOfDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { newestOrderQuery } from '../api/orders';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Supervision.module.css';

const messages = catalogue(zh, en);

/** The order that was read here last. */
const readOrder = stored<string>('careline.order.read', '', (raw) => (typeof raw === 'string' ? raw : undefined));

/** What a supervisor has set for me: who, when and why, until I have read it or have chosen anew. */
export function OrderStrip({ state }: { state: { chosen: Chosen; reason: string | null } }) {
  const newest = useQuery(newestOrderQuery(state));
  const read = useStored(readOrder);
  const order = newest.data ?? null;
  const shown = order !== null && order.in_force && order.id !== read;
  return <div role="status">{shown && <Order order={order} onRead={() => readOrder.set(order.id)} />}</div>;
}

function Order({ order, onRead }: { order: StateOrderShown; onRead: () => void }) {
  const t = useMessages(messages);
  const name = useStateName();
  const zone = useTimeZone();
  const { nameOf } = useReasons();
  const state = order.reason !== null ? nameOf(order.reason) : name(order.chosen);
  const words = { by: order.by_name ?? t('strip.somebody'), at: formatTimeOfDay(order.made_at, t.language, zone), state };
  return (
    <div className={styles.order}>
      <span className="cl-row cl-strong" style={{ gap: 6 }}>
        <span className="cl-warn">
          <WarningGlyph size={14} />
        </span>
        {order.signed_out ? t('strip.signed_out', words) : t('strip.set', words)}
      </span>
      <q className="cl-grow">{order.note}</q>
      <Button size="small" onClick={onRead}>
        {t('strip.read')}
      </Button>
    </div>
  );
}
