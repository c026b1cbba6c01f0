import { useQuery } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
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

/** Whether the browser has a network and the server answered when it was last asked. */
export function useIsOnline(): boolean {
  const hasNetwork = useSyncExternalStore(listen, () => navigator.onLine);
  const { data } = useQuery({
    queryKey: ['connection', 'state'],
    queryFn: () => ask((engine) => engine.connection.state()),
  });
  return hasNetwork && data?.isOnline !== false;
}

/** Says that what is shown may be old. */
export function OfflineBanner() {
  const text = useText();
  if (useIsOnline()) return null;
  return (
    <div className={styles.banner} role="status">
      <CloudOff aria-hidden="true" />
      {text('shell.offline')}
    </div>
  );
}
