import { useMessages } from '@/shared/i18n/useMessages';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Step } from '../model/definition';
import type { Traffic } from '../model/traffic';
import { arrowId, FAILED, waysOf } from '../model/ways';
import styles from './Inspector.module.css';

/** How contacts went on from a step, and how many were gone there. */
export function StepTraffic({ name, step, names, traffic }: { name: string; step: Step; names: ReadonlySet<string>; traffic: Traffic }) {
  const t = useMessages(messages);
  const words = useStepWords();
  const { reached, left } = traffic.steps.get(name) ?? { reached: 0, left: 0 };
  const labels = [...waysOf(step, names).map(({ label }) => label), FAILED];
  const counts = [...new Set(labels)].map((label) => ({ label: words.way(step.kind, label), count: traffic.ways.get(arrowId(name, label)) ?? 0, gone: false, key: label }));
  const shown = [...counts.filter(({ key, count }) => key !== FAILED || count > 0), { label: t('traffic.gone'), count: left, gone: true, key: 'left' }];
  return (
    <section className={styles.traffic} aria-label={t('traffic.step')}>
      <div className="cl-row">
        <b className="cl-grow">{t('traffic.step')}</b>
        <span className="cl-note cl-muted">{`n=${reached}`}</span>
      </div>
      {reached === 0 ? (
        <p className="cl-note cl-muted">{t('traffic.nobody')}</p>
      ) : (
        <div className={styles.bars}>
          {shown.map(({ key, label, count, gone }) => (
            <Bar key={key} label={label} count={count} share={count / reached} gone={gone} />
          ))}
        </div>
      )}
    </section>
  );
}

function Bar({ label, count, share, gone }: { label: string; count: number; share: number; gone: boolean }) {
  return (
    <>
      <span>{label}</span>
      <span className={`${styles.bar} ${gone ? styles.left : ''}`}>
        <i style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
      <span className={styles.number}>{count}</span>
      <span className={`${styles.number} cl-muted`}>{`${Math.round(share * 100)}%`}</span>
    </>
  );
}
