import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../app/router.tsx';

/** Tells password managers whose password a form asks for, where people need not type their address. */
export function WhosePassword() {
  const { data: session } = useQuery(sessionQuery);
  const email = session && session.kind !== 'signed-out' ? session.email : '';
  return <input type="text" autoComplete="username" value={email} readOnly hidden />;
}
