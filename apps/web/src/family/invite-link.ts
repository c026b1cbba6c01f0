const keptName = 'heirloom-invite';
const place = '/join';

/**
 * Takes an invite's secret out of the address, before the history or anything else sees more of it. It stays in this tab,
 * also when a phone throws the page away for a moment, until it is used.
 * @returns whether there was one
 */
export function takeInviteLink(): boolean {
  const { pathname, hash, origin } = window.location;
  if (pathname !== place || hash.length < 2) return false;
  holdInviteLink(origin + place + hash);
  window.history.replaceState(window.history.state, '', place);
  return true;
}

export const holdInviteLink = (link: string): void => sessionStorage.setItem(keptName, link);
/** The link that brought somebody here; null when there is none. */
export const heldInviteLink = (): string | null => sessionStorage.getItem(keptName);
export const dropInviteLink = (): void => sessionStorage.removeItem(keptName);
