import { CloudOff } from 'lucide-react';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import styles from '../shell/shell.module.css';
import { useLive } from './use-live.ts';

/** Says when news do not arrive by themselves. */
export function LiveBanner() {
  const text = useText();
  const format = useFormat();
  const cutSince = useLive();
  return (
    <div role="status">
      {cutSince && (
        <div className={styles.banner}>
          <CloudOff aria-hidden="true" />
          {text('shell.live.cut', { time: format.time(cutSince) })}
        </div>
      )}
    </div>
  );
}
