import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { App } from 'antd';
import type { ReactNode } from 'react';
import type { Session } from '@/shared/api/generated/types.gen';
import { makeQueryClient } from '@/shared/query/client';
import { SessionContext, type Permission } from '@/shared/session/session';

export const ME: Session = {
  user: { id: 'u-1', login: '8021', display_name: 'Chen Xiaolan', locale: 'en' },
  tenant: { id: 't-1', code: 'demo', name: 'Centre One', time_zone: 'Asia/Shanghai', accent: '#2459d6' },
  permissions: [],
  csrf_token: 'csrf',
  pending: null,
  agent: { id: 'u-1', number: '8021' },
};

/** A part of a page as a signed-in person sees it. */
export function show(part: ReactNode, permissions: Permission[] = []) {
  const queries = makeQueryClient();
  const wrap = (node: ReactNode) => (
    <QueryClientProvider client={queries}>
      <App component={false}>
        <SessionContext value={{ ...ME, permissions }}>{node}</SessionContext>
      </App>
    </QueryClientProvider>
  );
  const shown = render(wrap(part));
  return { ...shown, queries, update: (node: ReactNode) => shown.rerender(wrap(node)) };
}
