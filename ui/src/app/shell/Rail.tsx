import { Link } from '@tanstack/react-router';
import { Tooltip } from 'antd';
import { ClipboardList, Headset, Keyboard, RadioTower, Settings2, UserSearch, type LucideIcon } from 'lucide-react';
import { Logo } from '@/design/Logo';
import { useMessages } from '@/shared/i18n/useMessages';
import { ariaKeys, shownKeys } from '@/shared/keyboard/chord';
import { chordOf, SHORTCUTS } from '@/shared/keyboard/shortcuts';
import { useMay, useSession } from '@/shared/session/session';
import { messages } from '../messages';
import { studioPages } from '../studio/pages';
import styles from './Shell.module.css';

/** Where one can go; only what the person may use. */
export function Rail({ onShortcuts }: { onShortcuts: () => void }) {
  const t = useMessages(messages);
  const may = useMay();
  const { agent, permissions } = useSession();
  return (
    <nav className={styles.rail} aria-label={t('nav.title')}>
      <Link to="/" className={styles.logo} aria-label="Careline">
        <Logo />
      </Link>
      {agent !== null && may('desk:use') && <RailLink to="/desk" icon={Headset} name={t('nav.desk')} />}
      {may('floor:view') && <RailLink to="/floor" icon={RadioTower} name={t('nav.floor')} />}
      {may('customer:read') && <RailLink to="/customers" icon={UserSearch} name={t('nav.customers')} />}
      {may('case:read') && <RailLink to="/cases" icon={ClipboardList} name={t('nav.cases')} />}
      {studioPages(permissions).length > 0 && <RailLink to="/studio" icon={Settings2} name={t('nav.studio')} />}
      <span className={styles.space} />
      <Tooltip title={`${t('keys.title')} ${shownKeys(chordOf('sheet'))}`} placement="right">
        <button type="button" className={`${styles.link} ${styles.keyMap}`} onClick={onShortcuts} aria-label={t('keys.title')} aria-keyshortcuts={SHORTCUTS.sheet.chords.map(ariaKeys).join(' ')}>
          <Keyboard size={20} aria-hidden />
        </button>
      </Tooltip>
    </nav>
  );
}

function RailLink({ to, icon: Icon, name }: { to: '/desk' | '/floor' | '/customers' | '/cases' | '/studio'; icon: LucideIcon; name: string }) {
  return (
    <Tooltip title={name} placement="right">
      <Link to={to} className={styles.link} activeProps={{ 'aria-current': 'page' }} aria-label={name}>
        <Icon size={20} aria-hidden />
      </Link>
    </Tooltip>
  );
}
