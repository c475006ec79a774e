import { Button } from 'antd';
import { Copy, Trash2 } from 'lucide-react';
import { ErrorPanel } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import { BrokenGlyph } from '@/design/glyphs';
import type { Verdict } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import type { Choices } from '../hooks/useChoices';
import type { Edit } from '../hooks/useEdit';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Definition } from '../model/definition';
import { mayGo } from '../model/editing';
import { lookOf } from '../model/kinds';
import type { Traffic } from '../model/traffic';
import styles from './Inspector.module.css';
import { ProblemList } from './ProblemList';
import { StepForm } from './StepForm';
import { StepTraffic } from './StepTraffic';

interface Props {
  definition: Definition;
  chosen: string | null;
  verdict: Verdict | undefined;
  /** Why the flow could not even be read. */
  error: unknown;
  choices: Choices;
  /** Null for who may only look. */
  edit: Edit | null;
  traffic: Traffic | null;
  trafficError: unknown;
  onRetryTraffic: () => void;
  onChoose: (step: string) => void;
}

/** Beside the graph: the step that was chosen, or else what is wrong with the whole flow. */
export function Inspector({ definition, chosen, verdict, error, choices, edit, traffic, trafficError, onRetryTraffic, onChoose }: Props) {
  const t = useMessages(messages);
  const words = useStepWords();
  const sentence = useErrorSentence();
  const step = chosen === null ? undefined : definition.steps[chosen];
  const { icon: Icon } = lookOf(step?.kind ?? '');
  const here = (one: { step: string }) => step === undefined || one.step === chosen;
  const problems = verdict?.problems.filter(here) ?? [];
  const limits = verdict?.limits.filter(here) ?? [];
  return (
    <div className={styles.inspector}>
      <div className={styles.top}>
        {step !== undefined && <Icon size={16} aria-hidden />}
        <h2 className="cl-panel-title cl-ellipsis">{step === undefined || chosen === null ? t('problems') : words.title(chosen, step)}</h2>
        {step !== undefined && <span className="cl-note cl-muted cl-nowrap">{words.kind(step.kind)}</span>}
        <span className="cl-grow" />
        {step !== undefined && chosen !== null && edit !== null && (
          <>
            <Button type="text" aria-label={t('edit.copy')} title={t('edit.copy')} icon={<Copy size={16} aria-hidden />} onClick={() => edit.copy(chosen)} />
            <Button
              type="text"
              aria-label={t('edit.delete')}
              title={mayGo(definition, chosen) ? t('edit.delete') : t('edit.must_stay')}
              disabled={!mayGo(definition, chosen)}
              icon={<Trash2 size={16} aria-hidden />}
              onClick={() => edit.remove(chosen)}
            />
          </>
        )}
      </div>
      <div className={styles.body}>
        {error !== null && (
          <div className={styles.problem} role="alert" style={{ marginBottom: 12 }}>
            <BrokenGlyph size={14} />
            <span>{sentence(error)}</span>
          </div>
        )}
        {(step === undefined || problems.length + limits.length > 0) && verdict !== undefined && (
          <div style={{ marginBottom: 16 }}>
            <ProblemList definition={definition} problems={problems} limits={limits} onChoose={onChoose} />
          </div>
        )}
        {step !== undefined && chosen !== null && <StepForm key={chosen} name={chosen} step={step} definition={definition} choices={choices} disabled={edit === null} onStep={(change, of) => edit?.step(chosen, change, of)} onChoose={onChoose} />}
      </div>
      {trafficError !== null && <ErrorPanel what={t('traffic')} error={trafficError} retry={onRetryTraffic} />}
      {traffic !== null && step !== undefined && chosen !== null && <StepTraffic name={chosen} step={step} names={new Set(Object.keys(definition.steps))} traffic={traffic} />}
    </div>
  );
}
