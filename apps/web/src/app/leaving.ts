import { useEffect } from 'react';

/** How long the browser may take to see that an address is something to save. */
const goingMs = 5_000;
let goingUntil = 0;

/** Goes to something that is saved: the page stays, so nobody is asked whether to leave it. */
export function goToAttachment(url: string): void {
  goingUntil = performance.now() + goingMs;
  window.location.assign(url);
}

/** Asks before the page is left, when that ends or loses something. */
export function useLeaveWarning(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    const warn = (event: BeforeUnloadEvent) => performance.now() > goingUntil && event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isWanted]);
}
