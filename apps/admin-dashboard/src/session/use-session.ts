import type { SignedInOperator } from '@heirloom/client';
import type { StaffRole } from '@heirloom/contracts';
import { createContext, useContext, useSyncExternalStore } from 'react';
import { session, type SessionState } from './staff-session.ts';

export const useSession = (): SessionState => useSyncExternalStore(session.listen, session.get);

export const StaffContext = createContext<SignedInOperator | null>(null);

/** Who is signed in, on the pages that only somebody signed in can see. */
export function useStaff(): SignedInOperator {
  const staff = useContext(StaffContext);
  if (!staff) throw new Error('useStaff is used on pages of the inside');
  return staff;
}

/** What whoever is signed in may do here. The server decides; pages only leave out what it would refuse. */
export const useRole = (): StaffRole => useStaff().profile.role;
