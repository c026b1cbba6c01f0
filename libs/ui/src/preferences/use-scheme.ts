import { useEffect } from 'react';
import type { Scheme } from './appearance.ts';

/** Shows the page in the chosen colours. */
export function useScheme(scheme: Scheme): void {
  useEffect(() => {
    if (scheme === 'system') delete document.documentElement.dataset.scheme;
    else document.documentElement.dataset.scheme = scheme;
  }, [scheme]);
}
