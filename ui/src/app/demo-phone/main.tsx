import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@/design/base.css';
import { DemoPhonePage } from '@/features/demo-phone/components/DemoPhonePage';

const root = document.getElementById('root');
if (root === null) throw new Error('demo-phone.html has no #root');
createRoot(root).render(
  <StrictMode>
    <DemoPhonePage />
  </StrictMode>,
);
