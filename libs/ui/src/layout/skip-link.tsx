import styles from './skip-link.module.css';

/** The first thing that the keyboard comes to: past what every page has, to the element with the id `main`. */
export function SkipLink({ children }: { children: string }) {
  return (
    <a className={styles.skip} href="#main">
      {children}
    </a>
  );
}
