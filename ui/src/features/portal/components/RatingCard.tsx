import { Star } from 'lucide-react';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { useMessages } from '@/shared/i18n/useMessages';
import { useTextDraft } from '@/shared/storage/useTextDraft';
import { ratingTitle, SCORES, scoreText } from '@/shared/visitor/words';
import { useChat } from '../hooks/useChat';
import { messages } from '../messages';
import styles from './Card.module.css';

const MAX_COMMENT = 500;

/** How it was, 1 to 5, with words if somebody wants to add any. */
export function RatingCard({ interactionId }: { interactionId: string }) {
  const t = useMessages(messages);
  const chat = useChat();
  const sentence = useErrorSentence();
  const [score, setScore] = useState<(typeof SCORES)[number] | null>(null);
  const [comment, setComment] = useTextDraft(`rating.${interactionId}`);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const send = () => {
    if (score === null) return;
    setBusy(true);
    setError(null);
    chat.rate(interactionId, score, comment.trim() || null).then(
      () => setComment(''),
      (reason: unknown) => {
        setError(reason);
        setBusy(false);
      },
    );
  };

  return (
    <section className={styles.rating} aria-labelledby="rating-title">
      <h2 id="rating-title">{ratingTitle(t.language)}</h2>
      <div className={styles.stars} role="radiogroup" aria-labelledby="rating-title">
        {SCORES.map((each) => (
          <label key={each} className={styles.star} data-on={score !== null && each <= score}>
            <input type="radio" name="score" value={each} className="cl-hidden" checked={score === each} onChange={() => setScore(each)} />
            <Star size={32} aria-hidden />
            <span className="cl-hidden">{scoreText(each, t.language)}</span>
          </label>
        ))}
      </div>
      <p className={styles.word}>{score === null ? t('rating.later') : scoreText(score, t.language)}</p>
      {score !== null && (
        <>
          <textarea
            rows={2}
            maxLength={MAX_COMMENT}
            value={comment}
            aria-label={t('rating.comment')}
            placeholder={t('rating.comment')}
            onChange={(event) => setComment(event.target.value)}
          />
          {error !== null && (
            <p role="alert" className="cl-bad">
              {sentence(error)}
            </p>
          )}
          <button type="button" disabled={busy} onClick={send}>
            {t('rating.send')}
          </button>
        </>
      )}
    </section>
  );
}
