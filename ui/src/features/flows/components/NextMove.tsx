import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import type { BusinessInScene, Simulation } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Definition, Step } from '../model/definition';
import type { Move } from '../model/scene';
import { waysOf } from '../model/ways';
import styles from './Simulator.module.css';

interface Props {
  definition: Definition;
  simulation: Simulation;
  onMove: (move: Move) => void;
}

const ENDINGS = ['done', 'lost', 'overflow', 'closed', 'message'] as const;
const PASSWORDS = ['right', 'wrong', 'refused'] as const;
const OUTCOMES = ['ok', 'failed', 'timed_out', 'let_through'] as const;

/** What the trial waits for: the customer's answer, a business system's, what comes of a password, how waiting ends, or the way of a step. */
export function NextMove({ definition, simulation, onMove }: Props) {
  const t = useMessages(messages);
  const words = useStepWords();
  const at = simulation.lines.at(-1)?.step ?? '';
  const step = definition.steps[at];
  switch (simulation.waits_for) {
    case 'answer':
      return <Answer keys={keysOf(step)} secret={step?.secret === true || step?.kind === 'service_password'} onMove={onMove} />;
    case 'business':
      return <Business onMove={onMove} />;
    case 'password':
      return (
        <Choices
          label={t('trial.password')}
          choices={PASSWORDS.map((found) => ({ key: found, words: t(`password.${found}`) }))}
          onChoose={(found) => onMove({ what: 'password', found: found as (typeof PASSWORDS)[number] })}
        />
      );
    case 'lines':
      return <p className="cl-muted">{t('trial.lines_over')}</p>;
    case 'served':
      return (
        <Choices label={t('trial.served')} choices={ENDINGS.map((how) => ({ key: how, words: t(`served.${how}`) }))} onChoose={(how) => onMove({ what: 'served', how: how as (typeof ENDINGS)[number] })} />
      );
    case 'way': {
      const ways = step === undefined ? [] : waysOf(step, new Set(Object.keys(definition.steps)));
      return <Choices label={t('trial.which_way')} choices={ways.map(({ label }) => ({ key: label, words: words.way(step?.kind ?? '', label) }))} onChoose={(way) => onMove({ what: 'way', step: at, way })} />;
    }
    default:
      return null;
  }
}

/** What can be pressed, in the order of the telephone. */
const keysOf = (step: Step | undefined) => (step === undefined ? [] : waysOf(step, new Set()).flatMap(({ field, key }) => (field === 'choices' && key !== undefined ? [key] : [])));

function Answer({ keys, secret, onMove }: { keys: readonly string[]; secret: boolean; onMove: Props['onMove'] }) {
  const t = useMessages(messages);
  const [typed, setTyped] = useState('');
  const send = (answer: string) => onMove({ what: 'answer', words: answer });
  return (
    <form
      className={styles.next}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed !== '') send(typed);
      }}
    >
      <Input
        autoFocus
        aria-label={t('trial.answer')}
        placeholder={t('trial.answer')}
        type={secret ? 'password' : 'text'}
        autoComplete="off"
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {keys.map((key) => (
        <Button key={key} aria-label={t('trial.press', { key })} onClick={() => send(key)}>
          {key}
        </Button>
      ))}
      <Button onClick={() => send('')}>{t('trial.say_nothing')}</Button>
      <Button type="primary" htmlType="submit" disabled={typed === ''}>
        {t('trial.send')}
      </Button>
    </form>
  );
}

function Business({ onMove }: { onMove: Props['onMove'] }) {
  const t = useMessages(messages);
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number]>('ok');
  const [typed, setTyped] = useState('{}');
  const content = parsed(typed);
  return (
    <form
      className={styles.next}
      onSubmit={(event) => {
        event.preventDefault();
        const answer: BusinessInScene = outcome === 'ok' ? { outcome, content: content?.value } : { outcome };
        onMove({ what: 'business', answer });
      }}
    >
      <Select aria-label={t('trial.business')} value={outcome} onChange={setOutcome} options={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))} style={{ width: 140 }} />
      {outcome === 'ok' && (
        <Input aria-label={t('trial.content')} status={content === null ? 'error' : ''} className={styles.mono} value={typed} onChange={(event) => setTyped(event.target.value)} />
      )}
      <Button type="primary" htmlType="submit" disabled={outcome === 'ok' && content === null}>
        {t('trial.answer_it')}
      </Button>
    </form>
  );
}

function parsed(text: string): { value: unknown } | null {
  try {
    return { value: text.trim() === '' ? null : (JSON.parse(text) as unknown) };
  } catch {
    return null;
  }
}

function Choices({ label, choices, onChoose }: { label: string; choices: readonly { key: string; words: string }[]; onChoose: (key: string) => void }) {
  return (
    <div className={styles.next} role="group" aria-label={label}>
      <span className="cl-secondary">{label}</span>
      {choices.map(({ key, words }) => (
        <Button key={key} onClick={() => onChoose(key)}>
          {words}
        </Button>
      ))}
    </div>
  );
}
