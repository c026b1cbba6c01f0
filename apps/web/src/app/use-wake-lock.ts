import { useEffect } from 'react';

/** Keeps the screen on while it is wanted: a phone that sleeps stops what the page does. */
export function useWakeLock(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted || !('wakeLock' in navigator)) return;
    let held: WakeLockSentinel | null = null;
    let isOver = false;
    const hold = async () => {
      if (document.visibilityState !== 'visible' || (held && !held.released)) return;
      held = await navigator.wakeLock.request('screen').catch(() => null);
      if (isOver) await held?.release();
    };
    const again = () => void hold();
    again();
    // The browser takes it back when nobody looks at the page.
    document.addEventListener('visibilitychange', again);
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', again);
      void held?.release();
    };
  }, [isWanted]);
}
