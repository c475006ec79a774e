import { App, Button } from 'antd';
import { FileUp } from 'lucide-react';
import { useRef } from 'react';
import type { FlowFile } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { flowFile } from '../model/file';

/** Reads a flow that was taken out. Nothing is stored by it. */
export function FilePicker({ label, loading = false, onFile }: { label: string; loading?: boolean; onFile: (file: FlowFile) => void }) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const input = useRef<HTMLInputElement>(null);
  const read = async (chosen: File) => {
    const found = flowFile(await chosen.text());
    if (found === null) void message.error(t('file.wrong'));
    else onFile(found);
  };
  return (
    <>
      <Button icon={<FileUp size={14} aria-hidden />} loading={loading} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label={label}
        onChange={({ target }) => {
          const chosen = target.files?.[0];
          target.value = '';
          if (chosen !== undefined) void read(chosen);
        }}
      />
    </>
  );
}
