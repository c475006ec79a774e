import { Link } from '@tanstack/react-router';
import { LeftMessage } from '@/features/letterbox/components/LeftMessage';
import styles from './Desk.module.css';

/** What was left, how to reach who left it, and its case, above the thread in which it may be answered. */
export function DeskLetter({ interactionId }: { interactionId: string }) {
  return (
    <div className={styles.letter}>
      <LeftMessage
        of={{ interactionId }}
        caseLink={(caseId, number) => (
          <Link to="/cases/$caseId" params={{ caseId }}>
            {number}
          </Link>
        )}
      />
    </div>
  );
}
