import { BrokenGlyph, WarningGlyph } from '@/design/glyphs';
import type { FlowLimit, FlowProblem } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Definition } from '../model/definition';
import styles from './Inspector.module.css';

interface Props {
  definition: Definition;
  problems: readonly FlowProblem[];
  limits: readonly FlowLimit[];
  onChoose: (step: string) => void;
}

/** What forbids publishing, and what a channel cannot do; each leads to its step. */
export function ProblemList({ definition, problems, limits, onChoose }: Props) {
  const t = useMessages(messages);
  const words = useStepWords();
  const at = (step: string) => (definition.steps[step] === undefined ? null : words.title(step, definition.steps[step]));
  if (problems.length === 0 && limits.length === 0) return <p className="cl-muted">{t('problems.none')}</p>;
  return (
    <ul className={styles.problems} aria-label={t('problems')}>
      {problems.map(({ code, step, detail }, nth) => (
        <li key={`${code}/${step}/${nth}`}>
          <Jump step={at(step) === null ? null : step} className={styles.problem ?? ''} onChoose={onChoose}>
            <BrokenGlyph size={14} />
            <span>
              {at(step) !== null && <b>{`${at(step) ?? ''} `}</b>}
              {words.problem(code, detail, definition.steps[step]?.kind ?? '')}
            </span>
          </Jump>
        </li>
      ))}
      {limits.map(({ channel, step, language = '' }) => (
        <li key={`${channel}/${step}/${language}`}>
          <Jump step={step} className={`${styles.problem} ${styles.limit}`} onChoose={onChoose}>
            <WarningGlyph size={14} />
            <span>
              <b>{`${at(step) ?? step} `}</b>
              {language === '' ? t(channel === 'voice' ? 'limit.voice' : 'limit.webchat') : t('limit.voice.language', { language })}
            </span>
          </Jump>
        </li>
      ))}
    </ul>
  );
}

function Jump({ step, className, onChoose, children }: { step: string | null; className: string; onChoose: (step: string) => void; children: React.ReactNode }) {
  if (step === null) return <div className={className}>{children}</div>;
  return (
    <button type="button" className={className} onClick={() => onChoose(step)}>
      {children}
    </button>
  );
}
