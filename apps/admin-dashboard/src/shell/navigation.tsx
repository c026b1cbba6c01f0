import { IconButton } from '@heirloom/ui';
import { Link, useRouterState } from '@tanstack/react-router';
import {
  Gauge,
  HardDrive,
  History,
  KeyRound,
  ListChecks,
  LogOut,
  Menu,
  Palette,
  ScanSearch,
  SlidersHorizontal,
  TriangleAlert,
  UserCog,
  UserRound,
  Users,
  X,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TextId } from '../i18n/text.ts';
import { useText } from '../i18n/use-text.ts';
import { ReplaceAuthenticatorDialog } from '../session/replace-authenticator-dialog.tsx';
import { session } from '../session/staff-session.ts';
import { useRole, useStaff } from '../session/use-session.ts';
import { AppearanceDialog } from './appearance-dialog.tsx';
import styles from './shell.module.css';

interface Place {
  to: string;
  label: TextId;
  icon: LucideIcon;
  /** Support has it too. */
  isForSupport?: boolean;
}

const places: readonly Place[] = [
  { to: '/', label: 'shell.overview', icon: Gauge },
  { to: '/locations', label: 'shell.locations', icon: HardDrive },
  { to: '/scrubs', label: 'shell.scrubs', icon: ScanSearch },
  { to: '/findings', label: 'shell.findings', icon: TriangleAlert },
  { to: '/accounts', label: 'shell.accounts', icon: UserRound, isForSupport: true },
  { to: '/families', label: 'shell.families', icon: Users },
  { to: '/staff', label: 'shell.staff', icon: UserCog },
  { to: '/jobs', label: 'shell.jobs', icon: ListChecks },
  { to: '/audit', label: 'shell.audit', icon: History },
  { to: '/settings', label: 'shell.settings', icon: SlidersHorizontal },
];

export function Brand() {
  const text = useText();
  return (
    <span className={styles.brand}>
      <img src="/admin/icon.svg" alt="" />
      {text('shell.brand')}
    </span>
  );
}

/** The way to all pages: a column where there is room, behind a button on phones. */
export function Navigation() {
  const text = useText();
  const role = useRole();
  const [isOpen, setOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => setOpen(false), [path]);
  return (
    <header className={styles.head}>
      <div className={styles.bar}>
        <Brand />
        <span className={styles.menuButton}>
          <IconButton
            label={text('shell.menu')}
            isPressed={isOpen}
            icon={isOpen ? <X aria-hidden="true" /> : <Menu aria-hidden="true" />}
            onPress={() => setOpen(!isOpen)}
          />
        </span>
      </div>
      <div className={`${styles.drawer ?? ''} ${isOpen ? (styles.open ?? '') : ''}`}>
        <nav className={styles.nav} aria-label={text('shell.navigation')}>
          {places
            .filter(({ isForSupport }) => isForSupport || role === 'operator')
            .map(({ to, label, icon: Icon }) => (
              <Link
                key={to}
                to={to}
                activeOptions={{ exact: to === '/', includeSearch: false }}
                className={styles.link ?? ''}
              >
                <Icon aria-hidden="true" />
                {text(label)}
              </Link>
            ))}
        </nav>
        <Self />
      </div>
    </header>
  );
}

/** Who is signed in, and what is theirs to choose. */
function Self() {
  const text = useText();
  const { profile } = useStaff();
  const [open, setOpen] = useState<'appearance' | 'authenticator' | null>(null);
  const close = () => setOpen(null);
  return (
    <div className={styles.self}>
      <div className={styles.who}>
        <span className="visually-hidden">{text('shell.you')} </span>
        <bdi className={styles.email}>{profile.email}</bdi>
        <span className={styles.role}>{text(`shell.role.${useRole()}`)}</span>
      </div>
      <div className={styles.own}>
        <IconButton
          label={text('shell.appearance')}
          icon={<Palette aria-hidden="true" />}
          onPress={() => setOpen('appearance')}
        />
        <IconButton
          label={text('session.replace')}
          icon={<KeyRound aria-hidden="true" />}
          onPress={() => setOpen('authenticator')}
        />
        <IconButton
          label={text('shell.signOut')}
          icon={<LogOut aria-hidden="true" />}
          onPress={() => void session.signOut()}
        />
      </div>
      <AppearanceDialog isOpen={open === 'appearance'} onClose={close} />
      <ReplaceAuthenticatorDialog isOpen={open === 'authenticator'} onClose={close} />
    </div>
  );
}
