import { SkipLink, useHeadingFocus } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { sessionQuery } from '../app/router.tsx';
import { withLateTexts } from '../i18n/late-texts.ts';
import { useText } from '../i18n/use-text.ts';
import { useIdleLock } from '../settings/use-idle-lock.ts';
import { useLibrarySync } from '../timeline/use-library-sync.ts';
import { Navigation } from './navigation.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { RecoveryReminder } from './recovery-reminder.tsx';
import styles from './shell.module.css';

const UploadKeeper = lazy(
  withLateTexts(async () => ({ default: (await import('../uploads/upload-keeper.tsx')).UploadKeeper })),
);
const Downloads = lazy(
  withLateTexts(async () => ({ default: (await import('../downloads/downloads.tsx')).Downloads })),
);
const RemovedBanner = lazy(
  withLateTexts(async () => ({ default: (await import('../family/removed-banner.tsx')).RemovedBanner })),
);
const LockScreen = lazy(
  withLateTexts(async () => ({ default: (await import('../session/lock-screen.tsx')).LockScreen })),
);

const RevokedScreen = lazy(
  withLateTexts(async () => ({ default: (await import('../session/revoked-screen.tsx')).RevokedScreen })),
);

/** What stands around every page: the way to the others, and what is the matter with the network. */
export function Shell() {
  const text = useText();
  const { data: session } = useQuery(sessionQuery);
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const main = useHeadingFocus(path);
  const isOpen = session?.kind === 'open';
  useLibrarySync(isOpen);
  useIdleLock(session?.kind);
  return (
    <div className={`${styles.shell ?? ''} ${isOpen ? (styles.withNav ?? '') : ''}`}>
      <SkipLink>{text('shell.skip')}</SkipLink>
      <div className={styles.banners}>
        <OfflineBanner />
        {isOpen && <RecoveryReminder />}
        {isOpen && (
          <Suspense>
            <RemovedBanner />
          </Suspense>
        )}
      </div>
      {isOpen && <Navigation />}
      {isOpen && (
        <Suspense>
          <UploadKeeper />
          <Downloads />
        </Suspense>
      )}
      <main id="main" className={styles.main} ref={main} tabIndex={-1}>
        <Suspense>
          {session?.kind === 'locked' && <LockScreen email={session.email} />}
          {session?.kind === 'revoked' && <RevokedScreen email={session.email} />}
        </Suspense>
        {session?.kind !== 'locked' && session?.kind !== 'revoked' && <Outlet />}
      </main>
    </div>
  );
}
