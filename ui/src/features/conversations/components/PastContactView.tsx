import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Dot, Label, MediaIcon } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import { SentFile } from '@/design/SentFile';
import { VoicePlayer } from '@/design/VoicePlayer';
import { Words } from '@/design/Words';
import type { Interaction, Message, Note, Recording, WrapUp } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { formatMoment, formatTime } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { pastContactQuery, pastLinks, recordingAddress } from '../api/past';
import { nameOf } from '../model/dispositions';
import { inOrder } from '../model/entries';
import { noticeSentence } from '../model/notice';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { FlowSteps } from './FlowSteps';
import { JourneyBar } from './JourneyBar';
import past from './PastContact.module.css';
import styles from './Transcript.module.css';

const messages = catalogue(zh, en);

/** A contact that is over: how it went, how it ended, and what was said. Only to be read. */
export function PastContactView({ customerId, interactionId }: { customerId: string; interactionId: string }) {
  const t = useMessages(messages);
  const found = useInfiniteQuery(pastContactQuery(customerId, interactionId));
  const may = useMay();
  const [links] = useState(() => pastLinks(customerId, interactionId));
  const first = found.data?.pages[0];
  if (first === undefined) {
    return found.isError ? <ErrorPanel what={t('past.what')} error={found.error} retry={() => void found.refetch()} /> : <Loading what={t('past.what')} rows={8} />;
  }
  const { interaction, notes } = first;
  const said = found.data?.pages.flatMap((page) => page.messages.items) ?? [];
  return (
    <article className={past.view} aria-label={t('past.what')}>
      <PastHead interaction={interaction} />
      <JourneyBar segments={interaction.segments} />
      <Endings interaction={interaction} />
      {interaction.recording?.state === 'done' && may('recording:listen') && <Recorded recording={interaction.recording} />}
      {interaction.channel === 'voice' && said.length === 0 ? <FlowSteps journey={interaction.journey} /> : <Said messages={said} notes={notes} link={links.get} />}
      {first.more_notes && <p className="cl-note cl-muted">{t('past.more_notes', { n: notes.length })}</p>}
      {found.hasNextPage && (
        <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()} style={{ alignSelf: 'center' }}>
          {t('past.further')}
        </Button>
      )}
    </article>
  );
}

function PastHead({ interaction }: { interaction: Interaction }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const { channel, queue, agent, rating, opened_at: at } = interaction;
  return (
    <header className={past.head}>
      <MediaIcon media={channel === 'webchat' ? 'chat' : channel} size={16} />
      <b>
        <time dateTime={at}>{formatMoment(at, t.language, zone, serverNow())}</time>
      </b>
      <span className="cl-secondary">
        {t(`channel.${channel}`)}
        {queue !== null && (
          <>
            <Dot />
            {queue.name}
          </>
        )}
        {agent !== null && (
          <>
            <Dot />
            {agent.name}
          </>
        )}
      </span>
      {rating !== null && <Label>{t('past.rated', { score: rating })}</Label>}
    </header>
  );
}

/** What each of its agents wrote of their part; of contacts from before parts were written up, how it ended. */
function Endings({ interaction }: { interaction: Interaction }) {
  const t = useMessages(messages);
  const { disposition, write_ups, agent } = interaction;
  const last = disposition === null ? [] : [{ ...disposition, agent_name: agent?.name ?? null }];
  const all: readonly (WrapUp & { agent_name: string | null })[] = write_ups.length > 0 ? write_ups : last;
  if (all.length === 0) return <p className="cl-note cl-muted">{t('past.no_ending')}</p>;
  return (
    <dl className={past.endings}>
      {all.map((one, index) => (
        <div key={index}>
          <dt className="cl-note cl-muted">{one.agent_name ?? t('author.agent')}</dt>
          <dd>
            <b>{one.path.map((step) => nameOf(step, t.language)).join(' › ') || one.code}</b>
            {one.note !== '' && <p className={past.note}>{one.note}</p>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Words, or a picture, a voice or a file as it was sent; that it was looked at is written down. */
function SaidThen({ message: { kind, text, attachment }, link }: { message: Message; link: (fileId: string) => Promise<string> }) {
  if (kind === 'text' || kind === 'notice' || attachment === null) return <Words>{text}</Words>;
  return <SentFile kind={kind} name={text} attachment={attachment} link={link} />;
}

/** What was recorded of a call, for who may listen; it is fetched, and that written down, when it is played. */
function Recorded({ recording }: { recording: Recording }) {
  const t = useMessages(messages);
  return (
    <p className={`cl-row ${past.recording}`}>
      <span className="cl-note cl-muted">{t('past.recording')}</span>
      <VoicePlayer durationMs={null} source={() => Promise.resolve(recordingAddress(recording.id))} />
    </p>
  );
}

function Said({ messages: said, notes, link }: { messages: readonly Message[]; notes: readonly Note[]; link: (fileId: string) => Promise<string> }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  if (said.length + notes.length === 0) return <p className="cl-note cl-muted">{t('past.nothing_said')}</p>;
  return (
    <div className={past.lines} role="list" aria-label={t('transcript.title')}>
      {inOrder(said, notes).map((entry) => {
        if (entry.kind === 'note') {
          const { note } = entry;
          return (
            <div key={note.id} role="listitem" className={styles.aside}>
              <time dateTime={note.at}>{formatTime(note.at, t.language, zone)}</time>
              <span className={styles.who}>{note.author_name}</span>
              <div className={styles.text}>
                <span className={styles.unseen}>{t('note.unseen')}</span>
                <Words>{note.text}</Words>
              </div>
            </div>
          );
        }
        const { message } = entry;
        if (message.kind === 'notice') {
          return (
            <p key={message.id} role="listitem" className={styles.notice}>
              {noticeSentence(message, t)}
            </p>
          );
        }
        return (
          <div key={message.id} role="listitem" className={styles.line} data-author={message.author}>
            <time dateTime={message.at}>{formatTime(message.at, t.language, zone)}</time>
            <span className={styles.who} title={message.author_name ?? undefined}>
              {message.author_name ?? t(`author.${message.author}`)}
            </span>
            <div className={styles.text} dir="auto">
              <SaidThen message={message} link={link} />
            </div>
          </div>
        );
      })}
    </div>
  );
}
