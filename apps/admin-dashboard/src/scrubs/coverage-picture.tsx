import styles from './coverage.module.css';

const dayMs = 86_400_000;
/** How long ago a part was read, from good to bad. */
export const ages = ['day', 'week', 'month', 'older', 'never'] as const;
export type Age = (typeof ages)[number];
const columns = 32;

export function ageOf(at: Date | null, now: Date): Age {
  if (at === null) return 'never';
  const days = (now.getTime() - at.getTime()) / dayMs;
  return days < 1 ? 'day' : days < 7 ? 'week' : days < 31 ? 'month' : 'older';
}

/** A square for each part of a location, row by row. */
export function CoveragePicture({
  slices,
  now,
  label,
}: {
  slices: readonly (Date | null)[];
  now: Date;
  label: string;
}) {
  const rows = Math.ceil(slices.length / columns);
  return (
    <svg className={styles.picture} viewBox={`0 0 ${columns} ${rows}`} role="img" aria-label={label}>
      {slices.map((at, i) => (
        <rect
          key={i}
          className={styles[ageOf(at, now)]}
          x={(i % columns) + 0.06}
          y={Math.floor(i / columns) + 0.06}
          width={0.88}
          height={0.88}
          rx={0.16}
        />
      ))}
    </svg>
  );
}
