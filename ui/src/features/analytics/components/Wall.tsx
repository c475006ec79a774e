import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import { BrokenGlyph, OkGlyph, WarningGlyph } from '@/design/glyphs';
import type { SeverityLevel } from '@/design/Severity';
import { Logo } from '@/design/Logo';
import type { WallShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { fetchAgain, replace } from '@/shared/query/live';
import { useComeBack, useLink, useTopic } from '@/shared/realtime/RealtimeContext';
import { formatDuration, formatTimeOfDay, secondsSince } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { wallQuery } from '../api/floor';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { queueSeverity } from '../model/figures';
import { levelSeverity, STALE_S, waitSeverity, wallFigures, type WallChoice } from '../model/wall';
import styles from './Wall.module.css';
import { WallControls } from './WallControls';

const messages = catalogue(zh, en);
const TRY_AGAIN_MS = 30_000;
const NONE = '\u2014';

interface Props {
  choice: WallChoice;
  onChoice: (choice: WallChoice) => void;
  /** The session is over: the figures stand still until somebody signs in. */
  signedOut: boolean;
  onSignIn: () => void;
  onLeave: () => void;
}

/** Few big numbers for a screen on a wall, which is left alone for days. */
export function Wall({ choice, onChoice, signedOut, onSignIn, onLeave }: Props) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const wall = useQuery(wallQuery);
  const link = useLink();
  const comeBack = useComeBack();
  useTopic('wall', {
    event: ({ data }) => replace(queries, wallQuery.queryKey, data),
    reset: () => fetchAgain(queries, wallQuery.queryKey),
  });
  useEffect(() => {
    if (link !== 'ended') return;
    const timer = setInterval(comeBack, TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [link, comeBack]);
  useAwake();
  useEffect(() => {
    const before = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = choice.mode;
    return () => {
      document.documentElement.dataset.theme = before;
    };
  }, [choice.mode]);

  return (
    <main className={`${styles.wall} ${styles[choice.mode]}`} id="page">
      {wall.data === undefined ? (
        wall.isError ? (
          <ErrorPanel what={t('wall.what')} error={wall.error} retry={() => void wall.refetch()} />
        ) : (
          <Loading what={t('wall.what')} rows={6} />
        )
      ) : (
        <>
          <Head wall={wall.data} live={link === 'online' && !signedOut} signedOut={signedOut} onSignIn={onSignIn}>
            <WallControls queues={wall.data.queues} choice={choice} onChoice={onChoice} onLeave={onLeave} />
          </Head>
          <Numbers wall={wall.data} chosen={choice.queues} />
        </>
      )}
    </main>
  );
}

function Head({ wall, live, signedOut, onSignIn, children }: { wall: WallShown; live: boolean; signedOut: boolean; onSignIn: () => void; children: ReactNode }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const now = useNow();
  const stale = signedOut || !live || secondsSince(wall.at, now) > STALE_S;
  const time = formatTimeOfDay(wall.at, t.language, zone);
  return (
    <header className={styles.head}>
      <Logo />
      <h1>{wall.name}</h1>
      <p role="status" className={stale ? styles.stale : undefined}>
        {stale && <WarningGlyph size={28} />}
        {stale && (signedOut ? t('wall.ended', { time }) : t('wall.stale', { time }))}
        {signedOut && (
          <button type="button" onClick={onSignIn}>
            {t('wall.sign_in')}
          </button>
        )}
      </p>
      {children}
      <time className={styles.clock}>{formatTimeOfDay(new Date(now).toISOString(), t.language, zone).slice(0, 5)}</time>
    </header>
  );
}

function Numbers({ wall, chosen }: { wall: WallShown; chosen: readonly string[] }) {
  const t = useMessages(messages);
  const now = useNow();
  const { level, waiting, longestS, ready, online, worst } = wallFigures(wall, chosen, now);
  if (worst.length === 0) return <p className={styles.nothing}>{t('wall.no_queue')}</p>;
  const share = level === null || level.share === null ? NONE : String(Math.round(level.share * 100));
  return (
    <>
      <section className={styles.big} aria-label={t('wall.what')}>
        <Tile level={level === null ? 'none' : levelSeverity(level)} name={level === null ? t('wall.level') : t('wall.within', { seconds: level.seconds })} first>
          <b className={styles.huge}>
            {share}
            {share !== NONE && <small>%</small>}
          </b>
          {level !== null && (
            <div className={styles.bar} aria-hidden="true">
              <i style={{ inlineSize: `${(level.share ?? 0) * 100}%` }} />
              <u style={{ insetInlineStart: `${level.target * 100}%` }} />
            </div>
          )}
          <div className={styles.note}>
            <span>{t('wall.today')}</span>
            {level !== null && <span>{t('wall.target', { share: Math.round(level.target * 100) })}</span>}
          </div>
        </Tile>
        <Tile level="none" name={t('wall.waiting')}>
          <b>{waiting}</b>
        </Tile>
        <Tile level={level === null ? 'none' : waitSeverity(longestS, level.seconds)} name={t('wall.longest')}>
          <b>{waiting === 0 ? NONE : formatDuration(longestS)}</b>
        </Tile>
        <Tile level="none" name={t('wall.ready')}>
          <b className={styles.ready}>{ready}</b>
        </Tile>
        <Tile level="none" name={t('wall.online')}>
          <b>{online}</b>
        </Tile>
      </section>
      <section className={styles.queues} aria-label={t('queues.title')}>
        {worst.map((queue) => (
          <Tile key={queue.id} level={queueSeverity(queue)} name={queue.name}>
            <b>{queue.waiting}</b>
            <span className={styles.note}>
              {queue.waiting === 0 ? t('wall.nobody') : t('wall.longest_of', { time: formatDuration(queue.longest_wait_s + secondsSince(wall.at, now)) })}
            </span>
          </Tile>
        ))}
      </section>
    </>
  );
}

const MARKS = { ok: OkGlyph, warn: WarningGlyph, bad: BrokenGlyph };

/** A number with its name; how bad it is shows by shape, then by colour. */
function Tile({ level, name, first = false, children }: { level: SeverityLevel; name: string; first?: boolean; children: ReactNode }) {
  const Mark = level === 'none' ? null : MARKS[level];
  return (
    <div className={`${styles.tile} ${level === 'bad' ? styles.bad : ''} ${first ? styles.first : ''}`}>
      <h2>
        <span>{name}</span>
        {Mark !== null && (
          <span className={styles[level]}>
            <Mark size={40} />
          </span>
        )}
      </h2>
      {children}
    </div>
  );
}

/** A screen on a wall must not go to sleep; where the browser cannot promise it, the screen's own setting must. */
function useAwake() {
  const [lost, setLost] = useState(0);
  useEffect(() => {
    if (!('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const again = () => document.visibilityState === 'visible' && setLost((times) => times + 1);
    navigator.wakeLock.request('screen').then(
      (held) => {
        lock = held;
        if (over) void held.release();
      },
      () => undefined,
    );
    document.addEventListener('visibilitychange', again);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', again);
      void lock?.release();
    };
  }, [lost]);
}
