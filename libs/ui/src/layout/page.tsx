import type { ReactNode } from 'react';
import styles from './page.module.css';

export interface PageProps {
  title: string;
  lead?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
  /** As wide as text should be, for pages to read and forms. */
  isNarrow?: boolean;
}

/** A page with its heading. */
export function Page({ title, lead, actions, children, isNarrow = false }: PageProps) {
  return (
    <div className={`${styles.page ?? ''} ${isNarrow ? (styles.narrow ?? '') : ''}`}>
      <header className={styles.stack}>
        <div className={styles.head}>
          <h1 tabIndex={-1}>{title}</h1>
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
        {lead && <p className={styles.lead}>{lead}</p>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page that belongs together. */
export function Card({ children, labelledBy }: { children: ReactNode; labelledBy?: string }) {
  return labelledBy ? (
    <section className={styles.card} aria-labelledby={labelledBy}>
      {children}
    </section>
  ) : (
    <div className={styles.card}>{children}</div>
  );
}

/** Things below each other. */
export function Stack({ children }: { children: ReactNode }) {
  return <div className={styles.stack}>{children}</div>;
}

/** Things beside each other, which wrap. */
export function Row({ children, isSpread = false }: { children: ReactNode; isSpread?: boolean }) {
  return <div className={`${styles.row ?? ''} ${isSpread ? (styles.between ?? '') : ''}`}>{children}</div>;
}

/** Words that matter less. */
export function Soft({ children }: { children: ReactNode }) {
  return <p className={styles.soft}>{children}</p>;
}
