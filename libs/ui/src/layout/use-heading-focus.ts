import { useEffect, useRef, type RefObject } from 'react';

/**
 * Whoever reads by ear hears where they are: when the path has changed, the heading of the page has the focus.
 *
 * @param path of the page that is shown; the first one is left alone
 * @returns what to hang on the element that holds the pages
 */
export function useHeadingFocus(path: string | undefined): RefObject<HTMLElement | null> {
  const place = useRef<HTMLElement>(null);
  const first = useRef(path);
  useEffect(() => {
    if (path === first.current) return;
    first.current = path;
    place.current?.querySelector('h1')?.focus({ preventScroll: true });
  }, [path]);
  return place;
}
