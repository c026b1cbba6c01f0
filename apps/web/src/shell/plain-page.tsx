import type { ReactNode } from 'react';
import styles from './shell.module.css';

/** A page for somebody who is not signed in: one column, with our name above it. */
export function PlainPage({ children }: { children: ReactNode }) {
  return (
    <div className={styles.plain}>
      <div className={styles.brand}>
        <img src="/icons/icon.svg" alt="" />
        Heirloom
      </div>
      {children}
    </div>
  );
}
