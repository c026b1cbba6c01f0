import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

export interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Where nothing else has a heading: this is all there is on the page. */
  isPage?: boolean;
}

/** What a page says when there is nothing to show yet, and what to do about it. */
export function EmptyState({ icon, title, children, actions, isPage = false }: EmptyStateProps) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className={styles.empty}>
      {icon}
      <Heading tabIndex={isPage ? -1 : undefined}>{title}</Heading>
      {children && <p>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
