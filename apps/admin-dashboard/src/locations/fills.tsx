import type { LocationStatus } from '@heirloom/contracts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { Nothing } from '../tables/loaded.tsx';
import styles from './fills.module.css';

/** Fuller than this, somebody should think of more room. */
const nearlyFull = 0.85;

/** How full each location's storage is, by whatever lies in it. */
export function Fills({ locations }: { locations: readonly LocationStatus[] }) {
  const text = useText();
  return (
    <ul className={styles.fills}>
      {locations.map((location) => (
        <li key={location.locationId}>
          <strong>{location.locationId}</strong>
          <Fill location={location} />
        </li>
      ))}
      {locations.length === 0 && <Nothing>{text('locations.fill.unknown')}</Nothing>}
    </ul>
  );
}

function Fill({ location: { freeBytes, totalBytes } }: { location: LocationStatus }) {
  const text = useText();
  const format = useFormat();
  if (freeBytes === null || !totalBytes) return <span>{text('locations.fill.unknown')}</span>;
  const share = Math.min(1, Math.max(0, 1 - freeBytes / totalBytes));
  return (
    <>
      <svg className={styles.bar} viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
        <rect className={styles.track} width="1000" height="12" />
        <rect
          className={share > nearlyFull ? styles.nearlyFull : styles.full}
          width={1000 * share}
          height="12"
        />
      </svg>
      <span>
        {text('locations.fill.label', { share: format.share(share), free: format.bytes(freeBytes) })}
      </span>
    </>
  );
}
