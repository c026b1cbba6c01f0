import { numbered, safeFileName } from '@heirloom/client';

/**
 * Names for files of one folder, each as near to its own as any system allows: `beach.jpg`, then `beach (2).jpg`. Systems that
 * do not tell small letters from large ones keep them apart too.
 */
export function uniqueNames(): (name: string) => string {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  const keyOf = (name: string) => name.normalize('NFC').toLowerCase();
  return (name) => {
    const safe = safeFileName(name);
    const key = keyOf(safe);
    for (let n = next.get(key) ?? 1; ; n += 1) {
      const candidate = numbered(safe, n);
      if (taken.has(keyOf(candidate))) continue;
      taken.add(keyOf(candidate));
      next.set(key, n + 1);
      return candidate;
    }
  };
}
