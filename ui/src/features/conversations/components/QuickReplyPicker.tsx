import { Button } from 'antd';
import { Pencil } from 'lucide-react';
import { useEffect } from 'react';
import type { QuickReply } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './QuickReplyPicker.module.css';

const messages = catalogue(zh, en);

interface Props {
  id: string;
  replies: readonly QuickReply[];
  active: number;
  /** A reply as it would stand in the text. */
  preview: (text: string) => string;
  onChoose: (reply: QuickReply) => void;
  /** Make one of my own, or change this one. */
  onEdit: (own: QuickReply | 'new') => void;
}

/** The quick replies that fit what was typed after the slash. The focus stays in the text; the keys choose here. */
export function QuickReplyPicker({ id, replies, active, preview, onChoose, onEdit }: Props) {
  const t = useMessages(messages);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);
  return (
    <div className={styles.picker}>
      {replies.length === 0 && <p className="cl-note cl-muted">{t('reply.none')}</p>}
      <ul id={id} role="listbox" aria-label={t('reply.title')} className={styles.list}>
        {replies.map((reply, at) => (
          <li
            key={reply.id}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active}
            className={styles.one}
            // The text must keep the focus and its caret.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(reply)}
          >
            <span className="cl-row" style={{ gap: 8 }}>
              <b className="cl-ellipsis">{reply.title}</b>
              <span className="cl-note cl-muted cl-grow">{reply.own ? t('reply.own') : reply.group}</span>
              {reply.own && (
                <Button
                  type="text"
                  size="small"
                  icon={<Pencil size={12} aria-hidden />}
                  aria-label={t('reply.edit_own', { title: reply.title })}
                  onClick={(event) => {
                    event.stopPropagation();
                    onEdit(reply);
                  }}
                />
              )}
            </span>
            <span className="cl-note cl-muted cl-ellipsis">{preview(reply.text)}</span>
          </li>
        ))}
      </ul>
      <p className={`cl-note cl-muted cl-row ${styles.foot}`}>
        <span className="cl-grow">{t('reply.keys')}</span>
        <Button type="link" size="small" onMouseDown={(event) => event.preventDefault()} onClick={() => onEdit('new')}>
          {t('reply.add_own')}
        </Button>
      </p>
    </div>
  );
}
