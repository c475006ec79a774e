import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { Flag, LifeBuoy } from 'lucide-react';
import { memo } from 'react';
import { BrokenGlyph } from '@/design/glyphs';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Step } from '../model/definition';
import type { Box } from '../model/geometry';
import { lookOf } from '../model/kinds';
import styles from './Canvas.module.css';

export interface StepData extends Record<string, unknown> {
  name: string;
  step: Step;
  box: Box;
  starts: boolean;
  saves: boolean;
  problems: number;
  /** At which turn of the trial it was reached first. */
  turn: number | undefined;
  /** Labels of ways that the trial took. */
  taken: readonly string[];
  /** How many took each way; null while that is not shown. */
  counts: Readonly<Record<string, number>> | null;
  left: number;
  reached: number;
  editable: boolean;
}

export type StepNodeType = Node<StepData, 'step'>;

/** A step as it stands on the graph: what it is, what it does, and a row for each way out. */
export const StepNode = memo(function StepNode({ data, selected }: NodeProps<StepNodeType>) {
  const t = useMessages(messages);
  const words = useStepWords();
  const { name, step, box, turn, counts, problems } = data;
  const { icon: Icon, group } = lookOf(step.kind);
  const single = box.rows.length === 0;
  const [only] = Object.keys(box.ports);
  const dot = (label: string) => (data.taken.includes(label) ? styles.hitPort : '');
  return (
    <div className={[styles.step, styles[group], selected ? styles.selected : '', turn === undefined ? '' : styles.hit, problems > 0 ? styles.wrong : ''].join(' ')}>
      <Handle type="target" position={Position.Left} id="in" className={styles.entry} style={{ top: box.entry }} isConnectable={data.editable} />
      {turn !== undefined && <span className={styles.turn}>{turn}</span>}
      <div className={styles.head}>
        <Icon size={16} aria-hidden />
        <b className="cl-ellipsis">{words.title(name, step)}</b>
        {data.starts && <Flag size={14} aria-label={t('step.starts')} />}
        {data.saves && <LifeBuoy size={14} aria-label={t('step.saves')} />}
      </div>
      <div className={styles.detail}>
        <span className="cl-ellipsis">{words.line(step)}</span>
        {counts !== null && <span className={styles.count}>{t('traffic.times', { n: data.reached })}</span>}
      </div>
      {box.rows.map(({ label }) => (
        <div key={label} className={styles.row}>
          <span className="cl-ellipsis">{words.way(step.kind, label)}</span>
          {counts !== null && <span className={styles.count}>{counts[label] ?? 0}</span>}
        </div>
      ))}
      {Object.entries(box.ports).map(([label, top]) => (
        <Handle key={label} type="source" position={Position.Right} id={label} className={`${styles.port} ${dot(label)}`} style={{ top }} isConnectable={data.editable} />
      ))}
      {single && only === undefined && <span className={styles.stop} />}
      {(problems > 0 || (counts !== null && data.left > 0)) && (
        <div className={styles.under}>
          {problems > 0 && (
            <span>
              <BrokenGlyph size={12} /> {t('step.problems', { n: problems })}
            </span>
          )}
          {counts !== null && data.left > 0 && <span>{t('traffic.left', { n: data.left })}</span>}
        </div>
      )}
    </div>
  );
});
