import { ArrowRight, Flag, LifeBuoy } from 'lucide-react';
import { Severity } from '@/design/Severity';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Definition } from '../model/definition';
import { lookOf } from '../model/kinds';
import { inReach } from '../model/reach';
import type { Trail } from '../model/played';
import type { Traffic } from '../model/traffic';
import { arrowId, waysOf } from '../model/ways';
import styles from './Outline.module.css';

interface Props {
  definition: Definition;
  chosen: string | null;
  onChoose: (step: string) => void;
  problems: ReadonlyMap<string, number>;
  trail: Trail;
  traffic: Traffic | null;
}

/** The same flow as a list: for small screens, and for who does not look at graphs. */
export function Outline({ definition, chosen, onChoose, problems, trail, traffic }: Props) {
  const t = useMessages(messages);
  const words = useStepWords();
  const names = new Set(Object.keys(definition.steps));
  return (
    <ol className={styles.outline} aria-label={t('outline')}>
      {inReach(definition).map((name) => {
        const step = definition.steps[name];
        if (step === undefined) return null;
        const { icon: Icon } = lookOf(step.kind);
        const turn = trail.turns.get(name);
        const counted = traffic?.steps.get(name);
        return (
          <li key={name} className={[styles.item, name === chosen ? styles.chosen : '', turn === undefined ? '' : styles.hit].join(' ')}>
            <button type="button" className={styles.step} aria-current={name === chosen ? 'true' : undefined} onClick={() => onChoose(name)}>
              <Icon size={16} aria-hidden />
              <span className="cl-grow">
                <b>{words.title(name, step)}</b>
                <small className="cl-note cl-muted">{t('outline.line', { kind: words.kind(step.kind), line: words.line(step) })}</small>
              </span>
              {definition.start === name && <Flag size={14} aria-label={t('step.starts')} />}
              {definition.safety === name && <LifeBuoy size={14} aria-label={t('step.saves')} />}
              {turn !== undefined && <span className="cl-note cl-accent">{t('trial.turn', { n: turn })}</span>}
              {counted !== undefined && <span className="cl-note">{t('traffic.times', { n: counted.reached })}</span>}
              {counted !== undefined && counted.left > 0 && <span className="cl-note cl-bad">{t('traffic.left', { n: counted.left })}</span>}
              {(problems.get(name) ?? 0) > 0 && <Severity level="bad">{t('step.problems', { n: problems.get(name) ?? 0 })}</Severity>}
            </button>
            <ul className={styles.ways}>
              {waysOf(step, names).map(({ label, to }) => (
                <li key={label}>
                  <span className={trail.taken.has(arrowId(name, label)) ? 'cl-accent' : 'cl-secondary'}>{words.way(step.kind, label)}</span> <ArrowRight size={12} aria-hidden />{' '}
                  {definition.steps[to] === undefined ? (
                    <span className="cl-bad">{t('way.nowhere')}</span>
                  ) : (
                    <button type="button" className={styles.link} onClick={() => onChoose(to)}>
                      {words.title(to, definition.steps[to])}
                    </button>
                  )}
                  {traffic !== null && <span className="cl-muted">{` ${traffic.ways.get(arrowId(name, label)) ?? 0}`}</span>}
                </li>
              ))}
            </ul>
          </li>
        );
      })}
    </ol>
  );
}
