import { Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { CHOICE } from '@/shared/conversations/attachments';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

const messages = catalogue(zh, en);

interface Props {
  className: string | undefined;
  size: number;
  send: (file: File) => void;
}

/** Opens the chooser: on a phone it offers camera, gallery and files. */
export function AttachButton({ className, size, send }: Props) {
  const t = useMessages(messages);
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        accept={CHOICE}
        multiple
        hidden
        onChange={({ currentTarget }) => {
          [...(currentTarget.files ?? [])].forEach(send);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
      <button type="button" className={className} title={t('tools.attach')} aria-label={t('tools.attach')} onClick={() => field.current?.click()}>
        <Paperclip size={size} aria-hidden />
      </button>
    </>
  );
}
