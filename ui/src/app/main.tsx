import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@/design/base.css';
import '@/shared/http/console/errors';
import { makeQueryClient } from '@/shared/query/client';
import { dropOldDrafts } from '@/shared/storage/drafts';
import { makeRouter } from './router';
import { Surface } from './Surface';

dropOldDrafts(Date.now());
const queries = makeQueryClient();
const router = makeRouter(queries);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Surface>
        <RouterProvider router={router} />
      </Surface>
    </QueryClientProvider>
  </StrictMode>,
);
