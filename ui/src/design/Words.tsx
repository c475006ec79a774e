import { withUrls } from '@/shared/text/urls';
import styles from './Words.module.css';

/**
 * What somebody wrote, as they wrote it: each line in the direction of its own script, and addresses of the web to be
 * followed. Where they lead learns nothing of where we are.
 */
export function Words({ children }: { children: string }) {
  return (
    <span className={styles.words}>
      {withUrls(children).map((piece, at) =>
        'text' in piece ? (
          piece.text
        ) : (
          <a key={at} href={piece.url} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
            {piece.url}
          </a>
        ),
      )}
    </span>
  );
}
