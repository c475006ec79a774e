import { useMutation } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useEffectEvent } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { endInteraction } from '../api/interactions';
import { sayRead } from '../api/messages';
import { useConversation } from '../hooks/useConversation';
import { usePending } from '../hooks/useOutbox';
import { useOnTheirWay } from '../hooks/useUploads';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { Composer } from './Composer';
import { Transcript } from './Transcript';

const texts = catalogue(zh, en);

interface Props {
  conversationId: string;
  interactionId: string;
  over: boolean;
  /** The server knows that everything was seen. */
  onRead: () => void;
}

export function ChatPart({ conversationId, interactionId, over, onRead }: Props) {
  const t = useMessages(texts);
  const { message, modal } = App.useApp();
  const sentence = useErrorSentence();
  const { messages, typing, readSeq } = useConversation(conversationId, 'customer');
  const pending = usePending(conversationId);
  const uploads = useOnTheirWay(conversationId);
  const lastSeq = messages.data?.findLast((said) => said.author === 'customer')?.seq ?? 0;
  const end = useMutation({
    mutationFn: () => endInteraction(interactionId),
    onError: (error) => void message.error(sentence(error)),
  });

  const read = useEffectEvent(onRead);
  useEffect(() => {
    if (lastSeq === 0 || over) return;
    const tell = () => {
      // Shown is read; that the receipt failed is nothing to tell anybody, the next one carries it.
      if (!document.hidden) sayRead(conversationId, lastSeq).then(read, () => undefined);
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [conversationId, lastSeq, over]);

  const askEnd = () =>
    modal.confirm({
      title: t('end.title'),
      content: t('end.what'),
      okText: t('end.yes'),
      cancelText: t('end.no'),
      onOk: () => end.mutateAsync().catch(() => undefined),
    });

  return (
    <>
      {messages.data !== undefined ? (
        <Transcript messages={messages.data} pending={pending} uploads={uploads} readSeq={readSeq} typing={typing} />
      ) : (
        <div className="cl-grow">
          {messages.isError ? (
            <ErrorPanel what={t('transcript.title')} error={messages.error} retry={() => void messages.refetch()} />
          ) : (
            <Loading what={t('transcript.title')} rows={6} />
          )}
        </div>
      )}
      {!over && <Composer conversationId={conversationId} onEnd={() => void askEnd()} />}
    </>
  );
}
