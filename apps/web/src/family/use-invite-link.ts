import { useCallback, useEffect, useState } from 'react';
import { dropInviteLink, heldInviteLink, holdInviteLink, takeInviteLink } from './invite-link.ts';

/** The invite link of this tab. Another one may be opened in it while the page is shown. */
export function useInviteLink() {
  const [link, setLink] = useState(heldInviteLink);
  useEffect(() => {
    const look = () => takeInviteLink() && setLink(heldInviteLink());
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  const hold = useCallback((typed: string) => {
    holdInviteLink(typed);
    setLink(typed);
  }, []);
  const drop = useCallback(() => {
    dropInviteLink();
    setLink(null);
  }, []);
  return { link, hold, drop };
}
