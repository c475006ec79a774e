import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Segmented } from 'antd';
import { Play } from 'lucide-react';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { Loading } from '@/design/panels';
import { Severity } from '@/design/Severity';
import type { FlowDetail } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { checkQuery } from '../api/flows';
import { useRoom } from '../hooks/useRoom';
import { useTraffic } from '../hooks/useTraffic';
import { useTrial } from '../hooks/useTrial';
import { messages } from '../messages';
import { definitionOf } from '../model/definition';
import { drawingOf } from '../model/drawing';
import { NO_TRAIL } from '../model/played';
import type { Shown } from './FlowEditor';
import styles from './FlowEditor.module.css';
import { FlowState } from './FlowState';
import { Inspector } from './Inspector';
import { Outline } from './Outline';
import { Simulator } from './Simulator';
import { SpanPicker } from './SpanPicker';

/** The library that draws is no load for who looks at the list. */
const Canvas = lazy(async () => ({ default: (await import('./Canvas')).Canvas }));

interface Props {
  flow: FlowDetail;
  shown: Shown;
  onShow: (shown: Shown) => void;
}

/** The graph in the middle, what is chosen beside it, the trial below. */
export function Workbench({ flow, shown, onShow }: Props) {
  const t = useMessages(messages);
  const room = useRoom();
  const definition = useMemo(() => definitionOf(flow.definition), [flow.definition]);
  const drawing = useMemo(() => drawingOf(flow.drawing), [flow.drawing]);
  const [trying, setTrying] = useState(false);
  const [listing, setListing] = useState(false);
  const trial = useTrial(flow.code, definition, trying);
  const journeys = useTraffic(flow.code, flow.published_version, definition);
  const checked = useQuery(checkQuery(flow.code, useDeferredValue(definition)));
  const problems = useMemo(() => {
    const found = new Map<string, number>();
    for (const { step } of checked.data?.problems ?? []) found.set(step, (found.get(step) ?? 0) + 1);
    return found;
  }, [checked.data]);
  const view = shown.view ?? (room === 'wide' ? 'graph' : 'outline');
  const chosen = shown.step !== undefined && Object.hasOwn(definition.steps, shown.step) ? shown.step : null;
  const choose = (step: string | null) => onShow({ ...shown, step: step ?? undefined });
  const trail = trying ? trial.trail : NO_TRAIL;
  const seen = { definition, chosen, problems, trail, traffic: journeys.traffic, onChoose: choose };
  const found = (checked.data?.problems.length ?? 0) + (checked.isError ? 1 : 0);
  const inspector = (
    <Inspector definition={definition} chosen={chosen} verdict={checked.data} error={checked.isError ? checked.error : null} traffic={journeys.traffic} trafficError={journeys.error} onRetryTraffic={journeys.retry} onChoose={choose} />
  );
  const beside = room === 'wide';
  return (
    <div className={styles.editor}>
      <div className={styles.bar}>
        <h2 className={`cl-panel-title cl-ellipsis ${styles.name}`}>{flow.name}</h2>
        <FlowState flow={flow} />
        <span className={styles.grow} />
        <Button type="text" onClick={() => (beside ? choose(null) : setListing(true))}>
          <Severity level={found > 0 ? 'bad' : 'ok'}>{checked.isPending ? t('problems.checking') : t('problems.n', { n: found })}</Severity>
        </Button>
        <SpanPicker span={journeys.span} usable={journeys.hours !== null} onSpan={journeys.setSpan} />
        <Segmented<'graph' | 'outline'> aria-label={t('view')} value={view} onChange={(next) => onShow({ ...shown, view: next })} options={[{ value: 'graph', label: t('view.graph') }, { value: 'outline', label: t('view.outline') }]} />
        <Button icon={<Play size={14} aria-hidden />} aria-pressed={trying} type={trying ? 'primary' : 'default'} onClick={() => setTrying(!trying)}>
          {t('trial')}
        </Button>
      </div>
      <div className={styles.main}>
        <div className={styles.view}>
          {view === 'graph' ? (
            <Suspense fallback={<Loading what={t('graph')} rows={6} />}>
              <Canvas {...seen} drawing={drawing} />
            </Suspense>
          ) : (
            <Outline {...seen} />
          )}
        </div>
        {trying && (
          <div className={styles.trial}>
            <Simulator definition={definition} trial={trial} onChoose={choose} />
          </div>
        )}
      </div>
      {beside ? (
        <aside className={styles.beside} aria-label={t('beside')}>
          {inspector}
        </aside>
      ) : (
        <Drawer open={chosen !== null || listing} onClose={() => { setListing(false); choose(null); }} size={360} title={null} closable={{ placement: 'end' }} styles={{ body: { padding: 0 } }}>
          {inspector}
        </Drawer>
      )}
    </div>
  );
}
