import styles from './spinner.module.css';

/** Turns while something is being waited for. Whoever shows it says in words what that is. */
export function Spinner() {
  return <span className={styles.spinner} aria-hidden="true" />;
}
