import { Button, Segmented, Tooltip } from 'antd';
import { GitCompare, History, LayoutDashboard, Play, Redo2, Save, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Label } from '@/design/atoms';
import { Severity } from '@/design/Severity';
import { useMessages } from '@/shared/i18n/useMessages';
import type { Edit } from '../hooks/useEdit';
import type { Writing } from '../hooks/useWork';
import { messages } from '../messages';
import styles from './FlowEditor.module.css';

interface Props {
  name: string;
  published: number | null;
  draft: number | null;
  writing: Writing;
  edit: Edit | null;
  saving: boolean;
  /** How many problems there are; null while that is being found out. */
  problems: number | null;
  view: 'graph' | 'outline';
  trying: boolean;
  mayPublish: boolean;
  /** What else can be chosen here. */
  children: ReactNode;
  onSave: () => void;
  onPublish: () => void;
  onVersions: () => void;
  onProblems: () => void;
  onView: (view: 'graph' | 'outline') => void;
  onTry: () => void;
}

/** What the flow is, how it stands, and what can be done to it as a whole. */
export function Toolbar({ name, published, draft, writing, edit, saving, problems, view, trying, mayPublish, children, ...on }: Props) {
  const t = useMessages(messages);
  const { unsaved, undo, redo } = writing;
  return (
    <div className={styles.bar}>
      <h2 className={`cl-panel-title cl-ellipsis ${styles.name}`}>{name}</h2>
      {published === null ? <Label tone="warn">{t('flow.unpublished')}</Label> : <Label tone="ok">{t('flow.published', { n: published })}</Label>}
      {draft !== null && <Label tone="accent">{t('flow.draft', { n: draft })}</Label>}
      <span className="cl-note cl-muted" role="status">
        {edit === null ? t('edit.read_only') : saving ? t('edit.saving') : unsaved ? t('edit.unsaved') : draft !== null ? t('edit.saved') : ''}
      </span>
      <span className={styles.grow} />
      {children}
      <Button type="text" onClick={on.onProblems}>
        <Severity level={problems === null ? 'none' : problems > 0 ? 'bad' : 'ok'}>{problems === null ? t('problems.checking') : t('problems.n', { n: problems })}</Severity>
      </Button>
      {edit !== null && (
        <span className={styles.together}>
          <Icon name={t('edit.undo')} icon={<Undo2 size={16} aria-hidden />} onClick={undo} />
          <Icon name={t('edit.redo')} icon={<Redo2 size={16} aria-hidden />} onClick={redo} />
          {view === 'graph' && <Icon name={t('edit.tidy')} icon={<LayoutDashboard size={16} aria-hidden />} onClick={Object.keys(writing.work.drawing).length > 0 ? edit.tidy : null} />}
        </span>
      )}
      <Segmented<'graph' | 'outline'> aria-label={t('view')} value={view} onChange={on.onView} options={[{ value: 'graph', label: t('view.graph') }, { value: 'outline', label: t('view.outline') }]} />
      <Button icon={<Play size={14} aria-hidden />} aria-pressed={trying} type={trying ? 'primary' : 'default'} ghost={trying} onClick={on.onTry}>
        {t('trial')}
      </Button>
      <Button icon={<History size={14} aria-hidden />} onClick={on.onVersions}>
        {t('versions')}
      </Button>
      {edit !== null && (
        <>
          <Button icon={<Save size={14} aria-hidden />} loading={saving} disabled={!unsaved} onClick={on.onSave}>
            {t('edit.save')}
          </Button>
          <Button type="primary" icon={<GitCompare size={14} aria-hidden />} disabled={!mayPublish} onClick={on.onPublish}>
            {t('publish')}
          </Button>
        </>
      )}
    </div>
  );
}

function Icon({ name, icon, onClick }: { name: string; icon: ReactNode; onClick: (() => void) | null }) {
  return (
    <Tooltip title={name}>
      <Button type="text" aria-label={name} icon={icon} disabled={onClick === null} onClick={onClick ?? undefined} />
    </Tooltip>
  );
}
