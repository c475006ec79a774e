import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { ContributionShown, FigureShown } from '@/shared/api/generated/types.gen';
import { catalogue, knows } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useAskAgain } from '@/shared/query/useAskAgain';
import { formatTimeOfDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { figureEventsQuery } from '../api/floor';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { shownFigure } from '../model/figures';
import styles from './FigureDrawer.module.css';

const messages = catalogue(zh, en);

/** A figure, what it means, and every event that made it. */
export function FigureDrawer({ figure, onClose }: { figure: FigureShown | null; onClose: () => void }) {
  const t = useMessages(messages);
  const key = `figure.${figure?.code ?? ''}`;
  const title = figure === null ? '' : knows(messages, key) ? t(key) : figure.code;
  return (
    <Drawer title={title} open={figure !== null} onClose={onClose} size={520} destroyOnHidden>
      {figure !== null && <FigureEvents figure={figure} />}
    </Drawer>
  );
}

function FigureEvents({ figure }: { figure: FigureShown }) {
  const t = useMessages(messages);
  const events = useInfiniteQuery(figureEventsQuery(figure));
  // Whenever the figure moves, and when it is opened again: the list must be what the figure was counted from.
  useAskAgain(events, `${figure.value} ${figure.n}`);
  if (events.isError && events.data === undefined) return <ErrorPanel what={t('events.title')} error={events.error} retry={() => void events.refetch()} />;
  if (events.data === undefined) return <Loading what={t('events.title')} rows={8} />;
  const items = events.data.pages.flatMap((page) => page.items);
  const definition = events.data.pages[0]?.definition;
  const sentence = `definition.${figure.code}`;
  const { number, sign } = shownFigure(figure);
  return (
    <>
      <p className={styles.value}>
        {number}
        <small>{sign}</small>
      </p>
      {knows(messages, sentence) && <p className="cl-secondary">{t(sentence)}</p>}
      {definition !== undefined && <p className="cl-note cl-muted">{t('definition.version', { version: definition.version })}</p>}
      <h3 className={styles.title}>
        {t('events.title')} <span className="cl-note cl-muted">{t('events.n', { n: items.length, more: events.hasNextPage ? '+' : '' })}</span>
      </h3>
      {items.length === 0 && <EmptyPanel>{t('events.none')}</EmptyPanel>}
      <ol>
        {items.map((event) => (
          <EventLine key={`${event.position} ${event.contributes}`} event={event} unit={figure.code === 'longest_wait' ? 'count' : figure.unit} />
        ))}
      </ol>
      {events.hasNextPage && (
        <Button size="small" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          {t('events.more')}
        </Button>
      )}
    </>
  );
}

function EventLine({ event, unit }: { event: ContributionShown; unit: FigureShown['unit'] }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const contributes = `contributes.${event.contributes}`;
  const name = `event.${event.name}`;
  return (
    <li className={styles.event}>
      <time dateTime={event.at}>{formatTimeOfDay(event.at, t.language, zone)}</time>
      <span>
        {knows(messages, contributes) ? t(contributes) : event.contributes}
        {unit !== 'count' && unit !== 'ratio' && <b> {shownFigure({ value: event.value, unit }).number}</b>}
      </span>
      <span className="cl-ellipsis cl-secondary" title={event.name}>
        {knows(messages, name) ? t(name) : event.name}
      </span>
      <code className="cl-muted" title={event.interaction_id}>
        {event.interaction_id.slice(-8)}
      </code>
    </li>
  );
}
