import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { messages } from '../messages';
import { STUDIO_GROUPS, studioPages } from './pages';
import styles from './Studio.module.css';

/** Where administrators set things: the pages at the side, the chosen one beside them. */
export function Studio() {
  const t = useMessages(messages);
  const { permissions } = useSession();
  const pages = studioPages(permissions);
  const menu = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On a phone the menu is a strip: where one is has to be seen.
  useEffect(() => menu.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [pathname]);
  return (
    <div className={styles.studio}>
      <nav ref={menu} className={styles.menu} aria-label={t('nav.studio')}>
        {STUDIO_GROUPS.map((group) => {
          const shown = pages.filter((page) => page.group === group);
          return (
            shown.length > 0 && (
              <section key={group} className={styles.group}>
                <h2 className={styles.heading}>{t(`studio.${group}`)}</h2>
                {shown.map(({ to, name }) => (
                  <Link key={to} to={to} className={styles.link} activeProps={{ 'aria-current': 'page' }}>
                    {t(name)}
                  </Link>
                ))}
              </section>
            )
          );
        })}
      </nav>
      <div className={styles.page}>
        <Outlet />
      </div>
    </div>
  );
}
