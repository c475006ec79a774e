import { Link } from '@tanstack/react-router';
import { LeftMessage } from '@/features/letterbox/components/LeftMessage';
import styles from './Desk.module.css';

interface Props {
  interactionId: string;
  /** It is being answered: it may be put off. */
  inHand: boolean;
  onPutOff: () => void;
}

/** What was left, how to reach who left it, and its case, above the thread in which it may be answered. */
export function DeskLetter({ interactionId, inHand, onPutOff }: Props) {
  return (
    <div className={styles.letter}>
      <LeftMessage
        of={{ interactionId }}
        onPutOff={inHand ? onPutOff : undefined}
        caseLink={(caseId, number) => (
          <Link to="/cases/$caseId" params={{ caseId }}>
            {number}
          </Link>
        )}
      />
    </div>
  );
}
