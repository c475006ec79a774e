import { Button } from 'antd';
import { RotateCcw, Undo2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { ErrorPanel } from '@/design/panels';
import type { Simulation } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import type { Trial } from '../hooks/useTrial';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Definition } from '../model/definition';
import { wayTaken } from '../model/ways';
import styles from './Simulator.module.css';
import { NextMove } from './NextMove';
import { SceneSetup } from './SceneSetup';

interface Props {
  definition: Definition;
  trial: Trial;
  onChoose: (step: string) => void;
}

/** A trial as text: nothing leaves the house, nothing is stored. */
export function Simulator({ definition, trial, onChoose }: Props) {
  const t = useMessages(messages);
  const { simulation, moves } = trial;
  return (
    <section className={styles.simulator} aria-label={t('trial')}>
      <div className={styles.talk}>
        <div className={styles.head}>
          <h2 className="cl-grow">{t('trial')}</h2>
          <SceneSetup setup={trial.setup} onBegin={trial.begin} />
          <Button type="text" size="small" disabled={moves.length === 0} icon={<Undo2 size={14} aria-hidden />} onClick={trial.takeBack}>
            {t('trial.take_back')}
          </Button>
          <Button type="text" size="small" disabled={moves.length === 0} icon={<RotateCcw size={14} aria-hidden />} onClick={trial.restart}>
            {t('trial.restart')}
          </Button>
        </div>
        {trial.error !== null && <ErrorPanel what={t('trial')} error={trial.error} retry={trial.retry} />}
        {simulation !== undefined && <Lines definition={definition} simulation={simulation} />}
        {simulation !== undefined && <NextMove key={moves.length} definition={definition} simulation={simulation} onMove={trial.move} />}
      </div>
      {simulation !== undefined && <Passed definition={definition} trial={trial} simulation={simulation} onChoose={onChoose} />}
    </section>
  );
}

/** What was said and done. The ways stand beside, where the path is. */
function Lines({ definition, simulation }: { definition: Definition; simulation: Simulation }) {
  const t = useMessages(messages);
  const words = useStepWords();
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [simulation]);
  const told = simulation.lines.flatMap(({ step, kind, text }) => (kind === 'way' || kind === 'waits_for' ? [] : [{ step, kind, text }]));
  return (
    // Long talks are scrolled by keyboard, too.
    <ol className={styles.lines} aria-live="polite" tabIndex={0} aria-label={t('trial.lines')}>
      {told.map(({ step, kind, text }, nth) => (
        <li key={nth} className={kind === 'answered' ? styles.customer : undefined} title={words.title(step, definition.steps[step])}>
          <span className={styles.who}>{t(kind === 'answered' ? 'trial.customer' : kind === 'said' || kind === 'asked' ? 'trial.machine' : 'trial.house')}</span>
          <span>{kind === 'said' || kind === 'asked' ? text : kind === 'answered' ? (text === '' ? t('trial.silence') : text) : t(`trial.${kind}`, { text })}</span>
        </li>
      ))}
      <li ref={end} className={simulation.broken ? 'cl-bad' : 'cl-muted'}>
        {simulation.broken ? t('trial.broken') : simulation.waits_for === null ? t('trial.over') : ''}
      </li>
    </ol>
  );
}

/** The steps that were passed, and what the variables hold; what is secret is masked by the server. */
function Passed({ definition, trial, simulation, onChoose }: { definition: Definition; trial: Trial; simulation: Simulation; onChoose: (step: string) => void }) {
  const t = useMessages(messages);
  const words = useStepWords();
  const { path } = trial.trail;
  const variables = Object.entries(simulation.variables);
  return (
    <aside className={styles.passed} aria-label={t('trial.path')}>
      <div className={styles.head}>
        <h3 className="cl-grow">{t('trial.path')}</h3>
        <span className="cl-note cl-muted">{t('trial.steps', { n: path.length })}</span>
      </div>
      <ol className={styles.path}>
        {path.map(({ step, way }, nth) => {
          const known = definition.steps[step];
          const label = way === null ? null : wayTaken(known, way);
          return (
            <li key={nth}>
              <b>{nth + 1}</b>
              {known === undefined ? (
                <span>{step}</span>
              ) : (
                <button type="button" onClick={() => onChoose(step)}>
                  {words.title(step, known)}
                </button>
              )}
              <span className="cl-muted">{label === null ? (nth < path.length - 1 || simulation.waits_for === null ? '' : t('trial.here')) : words.way(known?.kind ?? '', label)}</span>
            </li>
          );
        })}
      </ol>
      {variables.length > 0 && (
        <dl className={styles.variables}>
          {variables.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value === '' ? '\u2014' : value}</dd>
            </div>
          ))}
        </dl>
      )}
    </aside>
  );
}
