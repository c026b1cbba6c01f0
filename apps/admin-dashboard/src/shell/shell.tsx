import { SkipLink, useHeadingFocus } from '@heirloom/ui';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { LiveBanner } from '../live/live-banner.tsx';
import { StaffContext, useSession } from '../session/use-session.ts';
import { useIdleEnd } from '../session/use-idle-end.ts';
import { Brand, Navigation } from './navigation.tsx';
import styles from './shell.module.css';

/** What stands around every page. */
export function Shell() {
  const text = useText();
  const state = useSession();
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const main = useHeadingFocus(path);
  const isIn = state.kind === 'in';
  // Somebody who was signed out stands on a page of the inside for a moment, until the router has moved on.
  const isInside = useRouterState({
    select: ({ matches }) => matches.some(({ routeId }) => routeId === '/inside'),
  });
  useIdleEnd(isIn);
  const page = (
    <main id="main" className={isIn ? styles.main : styles.plainMain} ref={main} tabIndex={-1}>
      {(isIn || !isInside) && <Outlet />}
    </main>
  );
  return (
    <div className={isIn ? styles.shell : styles.plain}>
      <SkipLink>{text('shell.skip')}</SkipLink>
      {isIn ? (
        <StaffContext value={state.staff}>
          <Navigation />
          <div className={styles.beside}>
            <LiveBanner />
            {page}
          </div>
        </StaffContext>
      ) : (
        <>
          <header className={styles.plainHead}>
            <Brand />
          </header>
          {page}
        </>
      )}
    </div>
  );
}
