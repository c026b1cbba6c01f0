import { platformOf } from '@heirloom/client';

/** What people call this browser until they name it themselves, for example "Firefox, Android", in any language. */
export function deviceNameOf(userAgent: string): string {
  const { browser, system } = platformOf(userAgent);
  return [browser ?? 'Browser', system].filter(Boolean).join(', ');
}
