import { App, Button } from 'antd';
import { Copy } from 'lucide-react';
import { copyText } from '@/shared/clipboard/copy';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';

/** Says whether the browser let it be copied. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const copy = async () => {
    if (await copyText(text)) void message.success(t('codes.copied'));
    else void message.warning(t('codes.not_copied'));
  };
  return (
    <Button icon={<Copy size={14} aria-hidden />} onClick={() => void copy()}>
      {label}
    </Button>
  );
}
