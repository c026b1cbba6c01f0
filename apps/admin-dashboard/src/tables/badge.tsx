import type { ReactNode } from 'react';
import styles from './badge.module.css';

export type BadgeTone = 'good' | 'warn' | 'danger' | 'info' | 'plain';

/** A state in a word or two. The colour only underlines it. */
export function Badge({ tone, children }: { tone: BadgeTone; children: ReactNode }) {
  return <span className={`${styles.badge ?? ''} ${styles[tone] ?? ''}`}>{children}</span>;
}
