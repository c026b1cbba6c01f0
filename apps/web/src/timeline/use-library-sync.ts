import { useEffect } from 'react';
import { EngineError } from '../engine/errors.ts';
import { ask } from '../engine/use-engine.ts';

const everyMs = 60_000;

/**
 * Fetches what is new in the background: at the start, when the person comes back, and every minute while they look.
 * Whether the server could be reached is shown by the shell, so failing is no error here.
 */
export function useLibrarySync(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return;
    const sync = () => {
      if (document.visibilityState !== 'visible') return;
      ask((engine) => engine.timeline.sync()).catch((error: unknown) => {
        if (!(error instanceof EngineError)) throw error;
      });
    };
    sync();
    const timer = setInterval(sync, everyMs);
    document.addEventListener('visibilitychange', sync);
    window.addEventListener('online', sync);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', sync);
      window.removeEventListener('online', sync);
    };
  }, [isOpen]);
}
