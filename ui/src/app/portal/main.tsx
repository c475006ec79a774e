import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@/design/base.css';
import { PortalPage } from '@/features/portal/components/PortalPage';
import { ChatContext } from '@/features/portal/hooks/useChat';
import { dropOldDrafts } from '@/shared/storage/drafts';
import { tenantOfPath } from '@/shared/visitor/tenant';
import { VisitorChat } from '@/shared/visitor/visitorChat';

dropOldDrafts(Date.now());
const tenant = tenantOfPath(window.location.pathname);
const chat = new VisitorChat({ tenant });
chat.start();

const root = document.getElementById('root');
if (root === null) throw new Error('portal.html has no #root');
createRoot(root).render(
  <StrictMode>
    <ChatContext value={chat}>
      <PortalPage tenant={tenant} />
    </ChatContext>
  </StrictMode>,
);
