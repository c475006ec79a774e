import { Alert, Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Question } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { tryAnswers } from '../api/assurance';
import { useTry } from '../hooks/useAssurance';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './AssurancePanel.module.css';

const messages = catalogue(zh, en);
const NEEDED = 2;
const ANSWER_MAX = 100;

type Answers = Partial<Record<Question, string>>;

/** Questions that the record answers. The agent types what the customer says and does not see what would be right. */
export function AskQuestions({ interactionId, questions, onClose }: { interactionId: string; questions: readonly Question[]; onClose: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const label = useId();
  const [answers, setAnswers] = useState<Answers>({});
  const attempt = useTry(interactionId, (said: Answers) => tryAnswers(interactionId, said as Record<Question, string>), onClose);
  const said = Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer.trim() !== '')) as Answers;
  const enough = Object.keys(said).length >= NEEDED;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (enough && !attempt.isPending) attempt.mutate(said);
      }}
    >
      <p className="cl-note cl-secondary">{t('assure.ask', { n: NEEDED })}</p>
      {questions.map((question) => (
        <div key={question}>
          <label htmlFor={`${label}-${question}`}>{t(`question.${question}`)}</label>
          <Input
            id={`${label}-${question}`}
            size="small"
            value={answers[question] ?? ''}
            maxLength={ANSWER_MAX}
            autoComplete="off"
            onChange={(event) => setAnswers((before) => ({ ...before, [question]: event.target.value }))}
          />
        </div>
      ))}
      {attempt.isError && <Alert type="error" showIcon title={sentence(attempt.error)} />}
      {attempt.data?.passed === false && <Alert type="warning" showIcon title={t('assure.not_enough')} />}
      <div className={styles.row}>
        <Button size="small" type="primary" htmlType="submit" disabled={!enough} loading={attempt.isPending}>
          {t('assure.check')}
        </Button>
        <Button size="small" onClick={onClose}>
          {t('assure.close')}
        </Button>
      </div>
    </form>
  );
}
