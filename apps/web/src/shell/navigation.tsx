import { Link } from '@tanstack/react-router';
import {
  Album,
  Bell,
  Heart,
  Images,
  Search,
  Settings,
  ShieldCheck,
  Trash2,
  Upload,
  Users,
} from 'lucide-react';
import { lazy, Suspense, type ComponentType } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useNewNotices } from '../notices/use-new-notices.ts';
import type { TextId } from '../i18n/text.ts';
import styles from './shell.module.css';

export interface Place {
  to: string;
  label: TextId;
  icon: ComponentType<{ 'aria-hidden': 'true' }>;
  /** In the bar of a phone; the others are behind "More". */
  isMain?: boolean;
}

const places: readonly Place[] = [
  { to: '/', label: 'shell.photos', icon: Images, isMain: true },
  { to: '/search', label: 'shell.search', icon: Search },
  { to: '/albums', label: 'shell.albums', icon: Album, isMain: true },
  { to: '/favourites', label: 'shell.favourites', icon: Heart },
  { to: '/uploads', label: 'shell.uploads', icon: Upload, isMain: true },
  { to: '/family', label: 'shell.family', icon: Users, isMain: true },
  { to: '/safety', label: 'shell.safety', icon: ShieldCheck },
  { to: '/notices', label: 'shell.notices', icon: Bell },
  { to: '/trash', label: 'shell.trash', icon: Trash2 },
  { to: '/settings', label: 'shell.settings', icon: Settings },
];

const MoreMenu = lazy(async () => ({ default: (await import('./more-menu.tsx')).MoreMenu }));

/** The way to all pages: a column on wide screens, a bar on phones. */
export function Navigation() {
  const text = useText();
  const newNotices = useNewNotices();
  return (
    <nav className={styles.nav} aria-label={text('shell.navigation')}>
      <div className={styles.brandPlace}>
        <Link to="/" className={styles.brand ?? ''}>
          <img src="/icons/icon.svg" alt="" />
          Heirloom
        </Link>
      </div>
      {places.map(({ to, label, icon: Icon, isMain }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          className={`${styles.link ?? ''} ${isMain ? '' : (styles.wideOnly ?? '')}`}
        >
          <Icon aria-hidden="true" />
          {text(label)}
          {to === '/notices' && <NewNotices count={newNotices} />}
        </Link>
      ))}
      <div className={styles.narrowOnly}>
        <Suspense>
          <MoreMenu places={places.filter(({ isMain }) => !isMain)} newNotices={newNotices} />
        </Suspense>
      </div>
    </nav>
  );
}

/** How many notices nobody has looked at, as a number and, for those who listen, as words. */
export function NewNotices({ count }: { count: number }) {
  const text = useText();
  if (count === 0) return null;
  return (
    <span className={styles.count}>
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden">{text('shell.notices.new', { count })}</span>
    </span>
  );
}
