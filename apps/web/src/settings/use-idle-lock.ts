import { useEffect, useRef } from 'react';
import { usePreferences } from '../app/preferences-context.tsx';
import { ask } from '../engine/use-engine.ts';
import type { SessionState } from '../session/session-state.ts';
import { useLiveUploads } from '../uploads/use-uploads.ts';

/** When somebody last touched Heirloom in this browser, in any tab. Milliseconds since 1970. */
const touchedName = 'heirloom-touched-at';
const signs = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;
const everyMs = 5_000;
/** Writing it down for every pixel of a scroll would slow the scroll. */
const noteEveryMs = 2_000;

const touchedAt = (): number => Number(localStorage.getItem(touchedName) ?? Date.now());
/** As it was before this page was opened: whoever comes back after the time finds it locked, however quickly they press. */
const touchedBefore = touchedAt();
let notedAt = 0;

function touched(): void {
  const now = Date.now();
  if (now - notedAt < noteEveryMs) return;
  notedAt = now;
  localStorage.setItem(touchedName, String(now));
}

/** Forgets the keys after a while without a touch. Files that are being sent are waited for. */
export function useIdleLock(session: SessionState['kind'] | undefined): void {
  const isOpen = session === 'open';
  const { idleLockMinutes } = usePreferences().preferences;
  const isSending = useLiveUploads().active.length > 0;
  const isFirstLook = useRef(true);
  useEffect(() => {
    // Buttons keep what they hear to themselves, so it is heard before them.
    const options = { passive: true, capture: true };
    for (const sign of signs) window.addEventListener(sign, touched, options);
    return () => {
      for (const sign of signs) window.removeEventListener(sign, touched, options);
    };
  }, []);
  useEffect(() => {
    if (!isOpen || idleLockMinutes === 0) return;
    const look = () => {
      const since = isFirstLook.current ? touchedBefore : touchedAt();
      isFirstLook.current = false;
      if (isSending || Date.now() - since < idleLockMinutes * 60_000) return;
      void ask((engine) => engine.session.lock()).catch(() => undefined);
    };
    look();
    document.addEventListener('visibilitychange', look);
    const timer = setInterval(look, everyMs);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [isOpen, idleLockMinutes, isSending]);
  useEffect(() => {
    // Somebody who signs in or unlocks later is not judged by the time before.
    if (session !== undefined && session !== 'open') isFirstLook.current = false;
  }, [session]);
}
