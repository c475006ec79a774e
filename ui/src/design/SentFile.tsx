import { FileText, Image as PictureGlyph, RotateCw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { fitted, formatSize, type Attachment, type SentKind } from '@/shared/conversations/attachments';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import styles from './SentFile.module.css';
import { VoicePlayer } from './VoicePlayer';

const messages = catalogue(zh, en);
const SIDE = 240;

interface Props {
  kind: SentKind;
  name: string;
  attachment: Attachment;
  /** Asks where it is; good for some minutes. */
  link: (fileId: string) => Promise<string>;
}

/** A picture as far as it fits, with its room kept before it is there; a voice to be heard; else a name, to be saved. */
export function SentFile(props: Props) {
  const { kind, attachment, link } = props;
  if (kind === 'voice') return <VoicePlayer durationMs={attachment.duration_ms ?? 0} source={() => link(attachment.id)} />;
  return <Shown {...props} />;
}

function Shown({ kind, name, attachment, link }: Props) {
  const t = useMessages(messages);
  const place = useRef<HTMLAnchorElement>(null);
  const [href, setHref] = useState<string | null>(null);
  const [lost, setLost] = useState(false);
  const picture = kind === 'picture';

  const load = () => {
    setLost(false);
    link(attachment.id).then(setHref, () => setLost(true));
  };

  // Only what is looked at is asked for: a long conversation may have a hundred pictures.
  useEffect(() => {
    if (!picture || place.current === null) return undefined;
    const watch = new IntersectionObserver((seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      link(attachment.id).then(setHref, () => setLost(true));
    });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [picture, attachment.id, link]);

  /** A link that was asked for long ago is over; a fresh one is put in its place before it is followed. */
  const follow = () => {
    const opened = window.open('about:blank', '_blank');
    link(attachment.id).then(
      (address) => {
        if (opened === null) return;
        opened.opener = null;
        opened.location.href = address;
      },
      () => {
        opened?.close();
        setLost(true);
      },
    );
  };

  if (lost) {
    return (
      <button type="button" className={styles.file} onClick={load}>
        <RotateCw size={16} aria-hidden /> {t('file.lost')}
      </button>
    );
  }
  const label = t(picture ? 'file.open' : 'file.save', { name });
  return (
    <a
      ref={place}
      className={picture ? styles.picture : styles.file}
      href={href ?? '#'}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={label}
      onClick={(event) => {
        event.preventDefault();
        follow();
      }}
    >
      {picture ? (
        <span className={styles.room} style={fitted(attachment, SIDE)}>
          {href === null ? <PictureGlyph size={24} aria-hidden /> : <img src={href} alt={name} {...fitted(attachment, SIDE)} onError={() => setLost(true)} />}
        </span>
      ) : (
        <>
          <FileText size={20} aria-hidden />
          <span className={styles.name}>{name}</span>
          <span className={styles.size}>{formatSize(attachment.size)}</span>
        </>
      )}
    </a>
  );
}
