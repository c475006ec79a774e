import { createContext, use, useSyncExternalStore } from 'react';
import type { ChatView } from '@/shared/visitor/chatView';
import type { VisitorChat } from '@/shared/visitor/visitorChat';

export const ChatContext = createContext<VisitorChat | null>(null);

export function useChat(): VisitorChat {
  const chat = use(ChatContext);
  if (chat === null) throw new Error('ChatContext has no chat: the page must provide one');
  return chat;
}

export function useChatView(): ChatView {
  const chat = useChat();
  return useSyncExternalStore(chat.subscribe, chat.getView);
}
