import { Link, Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { EmptyPanel } from '@/design/panels';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';
import { STUDIO_GROUPS, STUDIO_PAGES, studioPages } from './pages';
import styles from './Studio.module.css';

/** Where administrators set things: the pages at the side, the chosen one beside them. */
export function Studio() {
  const t = useMessages(messages);
  const { permissions } = useSession();
  const pages = studioPages(permissions);
  const menu = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const here = STUDIO_PAGES.find((page) => `${pathname}/`.startsWith(`${page.to}/`));
  const withheld = here !== undefined && !pages.includes(here) ? here : undefined;
  const router = useRouter();
  // On a phone the menu is a strip: where one is has to be seen, also after the router has put back how far what was
  // there before was scrolled. What scrolling returns in new browsers is no way to undo it.
  useEffect(() => {
    const follow = () => {
      menu.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    };
    follow();
    const unsubscribe = router.subscribe('onRendered', follow);
    // A window that is made narrow makes a strip of the menu, too, as a phone that is turned.
    window.addEventListener('resize', follow);
    return () => {
      unsubscribe();
      window.removeEventListener('resize', follow);
    };
  }, [router]);
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
        {withheld === undefined ? <Outlet /> : <Withheld name={t(withheld.name)} />}
      </div>
    </div>
  );
}

/** In place of a page that somebody may not see: nothing on it would work. */
function Withheld({ name }: { name: string }) {
  const t = useMessages(messages);
  return (
    <>
      <PageTop title={name} />
      <EmptyPanel action={<Link to="/">{t('page.home')}</Link>}>{t('studio.withheld', { page: name })}</EmptyPanel>
    </>
  );
}
