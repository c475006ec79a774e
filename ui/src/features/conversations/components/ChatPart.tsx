import { useMutation } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useEffectEvent, useState } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { ParticipantRole } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { endInteraction } from '../api/interactions';
import { sayRead } from '../api/messages';
import { useColleagues } from '../hooks/useColleagues';
import { useConversation } from '../hooks/useConversation';
import { usePending } from '../hooks/useOutbox';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { ChatComposer } from './ChatComposer';
import { ParticipantsBar } from './ParticipantsBar';
import { Transcript } from './Transcript';

const texts = catalogue(zh, en);

interface Props {
  conversationId: string;
  interactionId: string;
  over: boolean;
  /** It answers a message that was left. */
  left?: boolean;
  /** What this one is in the chat: its agent, or asked in by its agent. */
  role: ParticipantRole;
  /** The server knows that everything was seen. */
  onRead: () => void;
}

export function ChatPart({ conversationId, interactionId, over, left = false, role, onRead }: Props) {
  const t = useMessages(texts);
  const { message, modal } = App.useApp();
  const sentence = useErrorSentence();
  const { messages, typing, readSeq, earlier } = useConversation(conversationId, 'customer');
  const { notes, participants } = useColleagues(conversationId);
  const pending = usePending(conversationId);
  const [seen, setSeen] = useState(0);
  const lastSeq = messages.data?.findLast((said) => said.author === 'customer' && said.seq <= seen)?.seq ?? 0;
  const end = useMutation({
    mutationFn: () => endInteraction(interactionId),
    onError: (error) => void message.error(sentence(error)),
  });

  const read = useEffectEvent(onRead);
  useEffect(() => {
    if (lastSeq === 0 || over || role !== 'agent') return;
    const tell = () => {
      // In view is read; that the receipt failed is nothing to tell anybody, the next one carries it.
      if (!document.hidden) sayRead(conversationId, lastSeq).then(read, () => undefined);
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [conversationId, lastSeq, over, role]);

  const askEnd = () =>
    modal.confirm({
      title: t(left ? 'end.message_title' : 'end.title'),
      content: t(left ? 'end.message_what' : 'end.what'),
      okText: t(left ? 'end.message_yes' : 'end.yes'),
      cancelText: t(left ? 'end.message_no' : 'end.no'),
      onOk: () => end.mutateAsync().catch(() => undefined),
    });

  return (
    <>
      <ParticipantsBar conversationId={conversationId} participants={participants} leads={role === 'agent' && !over && !left} />
      {messages.data !== undefined ? (
        <Transcript
          key={conversationId}
          conversationId={conversationId}
          messages={messages.data}
          earlier={earlier}
          notes={notes}
          pending={pending}
          readSeq={readSeq}
          typing={typing}
          onSeen={setSeen}
        />
      ) : (
        <div className="cl-grow">
          {messages.isError ? (
            <ErrorPanel what={t('transcript.title')} error={messages.error} retry={() => void messages.refetch()} />
          ) : (
            <Loading what={t('transcript.title')} rows={6} />
          )}
        </div>
      )}
      {!over && role !== 'supervisor_listening' && <ChatComposer conversationId={conversationId} interactionId={interactionId} left={left} role={role} onEnd={() => void askEnd()} />}
    </>
  );
}
