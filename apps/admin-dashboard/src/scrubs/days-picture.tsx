import { limits, type Coverage } from '@heirloom/contracts';
import styles from './coverage.module.css';

const dayMs = 86_400_000;
const height = 100;

/** A bar for each day, the newest at the end. Days without one read nothing. */
export function DaysPicture({ days, label }: Pick<Coverage, 'days'> & { label: string }) {
  const today = Math.floor(Date.now() / dayMs);
  const most = Math.max(1, ...days.map(({ bytesRead }) => bytesRead));
  return (
    <svg
      className={styles.days}
      viewBox={`0 0 ${limits.coverageDays} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect className={styles.ground} y={height - 0.6} width={limits.coverageDays} height={0.6} />
      {days.map(({ day, bytesRead }) => {
        const ago = today - Math.floor(Date.parse(day) / dayMs);
        // Whatever was read can be seen.
        const size = Math.max(1.5, (height * bytesRead) / most);
        return (
          <rect
            key={day}
            className={styles.bar}
            x={limits.coverageDays - 1 - ago + 0.12}
            y={height - size}
            width={0.76}
            height={size}
          />
        );
      })}
    </svg>
  );
}
