import { useQuery } from '@tanstack/react-query';
import { CloudOff, Lock } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import styles from './shell.module.css';

const listen = (hear: () => void) => {
  window.addEventListener('online', hear);
  window.addEventListener('offline', hear);
  return () => {
    window.removeEventListener('online', hear);
    window.removeEventListener('offline', hear);
  };
};

const useConnection = () =>
  useQuery({ queryKey: ['connection', 'state'], queryFn: () => ask((engine) => engine.connection.state()) })
    .data;

/** Whether the browser has a network and the server answered when it was last asked. */
export function useIsOnline(): boolean {
  const hasNetwork = useSyncExternalStore(listen, () => navigator.onLine);
  const connection = useConnection();
  return hasNetwork && connection?.isOnline !== false;
}

/** Says that what is shown may be old, and why. */
export function OfflineBanner() {
  const text = useText();
  const isOnline = useIsOnline();
  const isLocked = useConnection()?.isAccountLocked;
  if (isOnline && !isLocked) return null;
  const Icon = isOnline ? Lock : CloudOff;
  return (
    <div className={styles.banner} role="status">
      <Icon aria-hidden="true" />
      {text(isOnline ? 'shell.accountLocked' : 'shell.offline')}
    </div>
  );
}
