import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { sessionQuery } from '@/features/identity/api/session';
import { agentStateQuery } from '@/features/routing/api/agentState';
import { StateButton } from '@/features/routing/components/StateSwitch';
import { OrderStrip } from '@/features/supervision/components/OrderStrip';
import { useMessages } from '@/shared/i18n/useMessages';
import { SessionContext, useSession } from '@/shared/session/session';
import { messages } from '../messages';
import { useWidth } from '../desk/useWidth';
import { FloatingOffers } from '../desk/FloatingOffers';
import { LiveServices } from './LiveServices';
import { NetworkStrip } from './NetworkStrip';
import { TopSlot } from './PageTop';
import { Rail } from './Rail';
import styles from './Shell.module.css';
import { ShortcutSheet } from './ShortcutSheet';
import { UserMenu } from './UserMenu';

/** Everything around a page for people who are signed in. */
export function Shell() {
  const session = useQuery({ ...sessionQuery, enabled: false });
  // Signing out empties the session before the router has left this page.
  if (session.data === undefined || session.data === null) return null;
  return (
    <SessionContext value={session.data}>
      <LiveServices key={session.data.user.id}>
        <Frame />
      </LiveServices>
    </SessionContext>
  );
}

function Frame() {
  const t = useMessages(messages);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [sheet, setSheet] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const atDesk = path.startsWith('/desk');
  // One column holds either the inbox or the contact: there is nothing to skip to.
  const skipsToContact = useWidth() !== 'phone' && atDesk;
  return (
    <TopSlot value={slot}>
      <div className={styles.shell}>
        <a className={styles.skip} href={skipsToContact ? '#contact' : '#page'}>
          {skipsToContact ? t('skip.contact') : t('skip.page')}
        </a>
        <Rail onShortcuts={() => setSheet(true)} />
        <header className={styles.top}>
          <div ref={setSlot} className={styles.slot} />
          {!atDesk && <OwnState />}
          <UserMenu />
        </header>
        <main className={styles.page} id="page" tabIndex={-1}>
          <NetworkStrip />
          <Orders />
          <div className={styles.content}>
            <Outlet />
          </div>
        </main>
        {!atDesk && <FloatingOffers />}
        <ShortcutSheet open={sheet} onChange={setSheet} />
      </div>
    </TopSlot>
  );
}

/** What a supervisor has set for me is told on every page. */
function Orders() {
  const { agent } = useSession();
  const state = useQuery({ ...agentStateQuery, enabled: agent !== null });
  return state.data === undefined ? null : <OrderStrip state={state.data} />;
}

/** Agents see and change their state on every page. */
function OwnState() {
  const { agent } = useSession();
  const state = useQuery({ ...agentStateQuery, enabled: agent !== null });
  return state.data === undefined ? null : <StateButton state={state.data} />;
}
