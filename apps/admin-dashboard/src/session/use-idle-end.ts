import { useEffect } from 'react';
import { session } from './staff-session.ts';

export const idleMinutes = 15;
const idleMs = idleMinutes * 60_000;
const everyMs = 5_000;
const signs = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;
let touchedAt = Date.now();

/** Signs out after a while without a touch: these pages may be left open on a desk. */
export function useIdleEnd(isIn: boolean): void {
  useEffect(() => {
    if (!isIn) return;
    touchedAt = Date.now();
    const touched = () => void (touchedAt = Date.now());
    const look = () => {
      if (Date.now() - touchedAt >= idleMs) void session.signOut('idle');
    };
    // Buttons keep what they hear to themselves, so it is heard before them.
    const options = { passive: true, capture: true };
    for (const sign of signs) window.addEventListener(sign, touched, options);
    document.addEventListener('visibilitychange', look);
    const timer = setInterval(look, everyMs);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      for (const sign of signs) window.removeEventListener(sign, touched, options);
    };
  }, [isIn]);
}
