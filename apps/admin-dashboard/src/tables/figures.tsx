import type { ReactNode } from 'react';
import type { BadgeTone } from './badge.tsx';
import styles from './figures.module.css';

export interface Figure {
  label: string;
  value: ReactNode;
  /** What to make of it. */
  note?: ReactNode;
  tone?: BadgeTone;
}

/** A few numbers that somebody reads at a glance. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className={styles.figures}>
      {figures.map(({ label, value, note, tone = 'plain' }) => (
        <div key={label} className={`${styles.figure ?? ''} ${styles[tone] ?? ''}`}>
          <dt>{label}</dt>
          <dd className={styles.value}>{value}</dd>
          {note !== undefined && <dd className={styles.note}>{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
