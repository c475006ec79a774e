import { againstTarget, Severity, type SeverityLevel } from '@/design/Severity';
import { Dot } from '@/design/atoms';
import type { FigureShown, FloorShown } from '@/shared/api/generated/types.gen';
import { catalogue, knows } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { commonTarget, longestWaiting, shownFigure } from '../model/figures';
import styles from './Floor.module.css';

const messages = catalogue(zh, en);
/** The server puts what matters most first. */
const LARGE = 6;

/** The figures of the floor; each is a door to the events it was counted from. */
export function FigureStrip({ floor, onOpen }: { floor: FloorShown; onOpen: (code: string) => void }) {
  const tile = (figure: FigureShown) => (
    <li key={figure.code}>
      <FigureTile figure={figure} note={figure.code === 'longest_wait' ? longestWaiting(floor.queues) : null} target={figure.code === 'service_level' ? commonTarget(floor.queues) : null} onOpen={() => onOpen(figure.code)} />
    </li>
  );
  return (
    <>
      <ul className={styles.strip}>{floor.figures.slice(0, LARGE).map(tile)}</ul>
      <ul className={`${styles.strip} ${styles.small}`}>{floor.figures.slice(LARGE).map(tile)}</ul>
    </>
  );
}

interface TileProps {
  figure: FigureShown;
  /** Says more than the window, where there is more to say. */
  note: string | null;
  target: { target: number; seconds: number } | null;
  onOpen: () => void;
}

function FigureTile({ figure, note, target, onOpen }: TileProps) {
  const t = useMessages(messages);
  const { number, sign } = shownFigure(figure);
  const level: SeverityLevel = target === null || figure.value === null ? 'none' : againstTarget(figure.value, target.target);
  const key = `figure.${figure.code}`;
  return (
    <button type="button" className={styles.tile} onClick={onOpen} aria-haspopup="dialog">
      <span className={styles.tileName}>
        {knows(messages, key) ? t(key) : figure.code}
        {target !== null && ` ${t('figure.within', { seconds: target.seconds })}`}
      </span>
      <span className={styles.tileValue}>
        <Severity level={level} size={18}>
          {number}
        </Severity>
        {sign !== '' && <small>{sign}</small>}
      </span>
      <span className="cl-note cl-muted">
        {target !== null && (
          <>
            {t('figure.target', { share: Math.round(target.target * 100) })}
            <Dot />
          </>
        )}
        {note ?? t(`window.${figure.window}`)}
        {figure.window === 'today' && figure.unit !== 'count' && figure.n > 0 && ` n=${figure.n.toLocaleString('en')}`}
      </span>
    </button>
  );
}
