import { Button } from 'antd';
import { ArrowRight } from 'lucide-react';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Definition, Step } from '../model/definition';
import { waysOf } from '../model/ways';
import styles from './Inspector.module.css';

/** What a step says about itself, field by field; whatever its kind is. */
export function StepFacts({ step, definition, onChoose }: { step: Step; definition: Definition; onChoose: (step: string) => void }) {
  const t = useMessages(messages);
  const words = useStepWords();
  const ways = waysOf(step, new Set(Object.keys(definition.steps)));
  const led = new Set(ways.map(({ field }) => field));
  const fields = Object.entries(step).filter(([field, value]) => !led.has(field) && field !== 'kind' && field !== 'title' && value !== null);
  return (
    <>
      <dl className={styles.facts}>
        {fields.map(([field, value]) => (
          <div key={field}>
            <dt>{words.field(field)}</dt>
            <dd>{typeof value === 'boolean' ? t(value ? 'yes' : 'no') : shown(value)}</dd>
          </div>
        ))}
      </dl>
      {ways.length > 0 && <h3 className={styles.heading}>{t('step.ways')}</h3>}
      <ul className={styles.ways}>
        {ways.map(({ label, to }) => (
          <li key={label}>
            <span>{words.way(step.kind, label)}</span>
            <ArrowRight size={14} aria-hidden />
            {definition.steps[to] === undefined ? (
              <span className="cl-bad">{t('way.nowhere')}</span>
            ) : (
              <Button type="link" size="small" onClick={() => onChoose(to)}>
                {words.title(to, definition.steps[to])}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function shown(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const lines = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : null;
  return lines?.every(([, one]) => typeof one === 'string') === true ? lines.map(([name, one]) => `${name}: ${String(one)}`).join('\n') : JSON.stringify(value, null, 2);
}
