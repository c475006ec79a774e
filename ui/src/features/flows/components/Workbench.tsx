import { useQuery } from '@tanstack/react-query';
import { Alert, App, Drawer } from 'antd';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { FlowDetail } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { checkQuery } from '../api/flows';
import { useChoices } from '../hooks/useChoices';
import { useEdit } from '../hooks/useEdit';
import { useKeys } from '../hooks/useKeys';
import { useRoom } from '../hooks/useRoom';
import { useSavedDraft } from '../hooks/useSavedDraft';
import { useTraffic } from '../hooks/useTraffic';
import { useTrial } from '../hooks/useTrial';
import { useWork } from '../hooks/useWork';
import { messages } from '../messages';
import { NO_TRAIL } from '../model/played';
import { ConflictDialog } from './ConflictDialog';
import type { Shown } from './FlowEditor';
import styles from './FlowEditor.module.css';
import { Inspector } from './Inspector';
import { LeaveGuard } from './LeaveGuard';
import { Outline } from './Outline';
import { AddStep, Palette } from './Palette';
import { PublishDialog } from './PublishDialog';
import { Simulator } from './Simulator';
import { SpanPicker } from './SpanPicker';
import { Toolbar } from './Toolbar';
import { VersionsDrawer } from './VersionsDrawer';

/** The library that draws is no load for who looks at the list. */
const Canvas = lazy(async () => ({ default: (await import('./Canvas')).Canvas }));

interface Props {
  flow: FlowDetail;
  shown: Shown;
  onShow: (shown: Shown) => void;
  /** What is stored has changed otherwise than by saving. */
  onStored: () => void;
}

/** The graph in the middle, what is chosen beside it, the trial below. */
export function Workbench({ flow, shown, onShow, onStored }: Props) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const room = useRoom();
  const may = useMay()('flow:manage');
  const writing = useWork(flow);
  const { definition, drawing } = writing.work;
  const { saving, draft, conflict, meet, resolved, afresh } = useSavedDraft(flow, writing);
  const [open, setOpen] = useState<'publish' | 'versions' | 'problems' | null>(null);
  const [trying, setTrying] = useState(false);
  const settled = useSettled(definition);
  const trial = useTrial(flow.code, settled, trying);
  const journeys = useTraffic(flow.code, flow.published_version, definition);
  const checked = useQuery(checkQuery(flow.code, settled));
  const problems = useMemo(() => {
    const found = new Map<string, number>();
    const at = [...(checked.data?.problems.map(({ step }) => step) ?? []), ...unreadable(checked.error)];
    for (const step of at) found.set(step, (found.get(step) ?? 0) + 1);
    return found;
  }, [checked.data, checked.error]);
  const view = shown.view ?? (room === 'wide' ? 'graph' : 'outline');
  const chosen = shown.step !== undefined && Object.hasOwn(definition.steps, shown.step) ? shown.step : null;
  const showing = useRef({ shown, onShow });
  useEffect(() => {
    showing.current = { shown, onShow };
  });
  const choose = useCallback((step: string | null) => showing.current.onShow({ ...showing.current.shown, step: step ?? undefined }), []);
  const choices = useChoices(flow.code);
  const edit = useEdit(writing, may, choices, chosen, choose);
  const save = useCallback(() => saving.mutateAsync().then(() => true, () => false), [saving]);
  const saveNow = may && writing.unsaved && !saving.isPending ? () => void save() : null;
  useKeys({ save: saveNow, undo: may ? writing.undo : null, redo: may ? writing.redo : null });
  const count = (checked.data?.problems.length ?? 0) + (checked.isError ? 1 : 0);
  const seen = { definition, chosen, problems, trail: trying ? trial.trail : NO_TRAIL, traffic: journeys.traffic, onChoose: choose };
  const inspector = (
    <Inspector {...seen} verdict={checked.data} error={checked.error} choices={choices} edit={edit} trafficError={journeys.error} onRetryTraffic={journeys.retry} />
  );
  const wide = room === 'wide';
  const publish = async () => {
    if (!writing.unsaved || (await save())) setOpen('publish');
  };
  return (
    <div className={`${styles.editor} ${wide && edit !== null ? styles.withPalette : ''}`}>
      <Toolbar
        name={flow.name}
        published={flow.published_version}
        draft={draft?.version ?? null}
        writing={writing}
        edit={edit}
        saving={saving.isPending}
        problems={checked.isPending ? null : count}
        view={view}
        trying={trying}
        mayPublish={(draft !== undefined || writing.unsaved) && count === 0 && !checked.isPending && !saving.isPending}
        onSave={() => saveNow?.()}
        onPublish={() => void publish()}
        onVersions={() => setOpen('versions')}
        onProblems={() => (wide ? choose(null) : setOpen('problems'))}
        onView={(next) => onShow({ ...shown, view: next })}
        onTry={() => setTrying(!trying)}
      >
        {!wide && edit !== null && <AddStep onAdd={edit.add} />}
        <SpanPicker span={journeys.span} usable={journeys.hours !== null} onSpan={journeys.setSpan} />
      </Toolbar>
      {wide && edit !== null && <Palette onAdd={edit.add} />}
      <div className={styles.main}>
        {saving.isError && conflict === null && <Alert type="error" showIcon banner title={t('edit.not_saved', { why: sentence(saving.error) })} />}
        <div className={styles.view}>
          {view === 'graph' ? (
            <Suspense fallback={<Loading what={t('graph')} rows={6} />}>
              <Canvas {...seen} drawing={drawing} edit={edit} />
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
      {wide ? (
        <aside className={styles.beside} aria-label={t('beside')}>
          {inspector}
        </aside>
      ) : (
        <Drawer open={chosen !== null || open === 'problems'} onClose={() => { setOpen(null); choose(null); }} size={360} title={t('beside')} styles={{ body: { padding: 0 } }}>
          {inspector}
        </Drawer>
      )}
      <LeaveGuard unsaved={writing.unsaved} onSave={save} />
      {conflict !== null && <ConflictDialog conflict={conflict} writing={writing} onDone={resolved} />}
      {open === 'publish' && draft !== undefined && (
        <PublishDialog
          code={flow.code}
          definition={definition}
          draft={{ version: draft.version, revision: writing.stored.revision }}
          published={flow.published_version}
          onClose={() => setOpen(null)}
          onStale={() => { setOpen(null); void meet(); }}
          onPublished={(version) => {
            setOpen(null);
            void message.success(t('publish.done', { n: version }));
            afresh();
            onStored();
          }}
        />
      )}
      {open === 'versions' && (
        <VersionsDrawer
          code={flow.code}
          name={flow.name}
          definition={definition}
          may={may}
          onClose={() => setOpen(null)}
          onFile={(read) => {
            setOpen(null);
            writing.change((one) => ({ ...one, definition: read }));
          }}
          onRolledBack={(version) => {
            setOpen(null);
            void message.success(t('publish.done', { n: version }));
            afresh();
            onStored();
          }}
        />
      )}
    </div>
  );
}

/** The step that cannot even be read, as the server's answer names it. */
function unreadable(error: unknown): string[] {
  const name = error instanceof Problem ? /^steps\/([a-z][a-z0-9-]*)/.exec(error.field ?? '')?.[1] : undefined;
  return name === undefined ? [] : [name];
}

/** What somebody types is checked when they pause. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 400);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
