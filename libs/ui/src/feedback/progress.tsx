import { Label, ProgressBar } from 'react-aria-components';
import styles from './progress.module.css';

export interface ProgressProps {
  label: string;
  /** From 0 to 1; null while nobody can say. */
  share: number | null;
  /** Words beside the bar, for example "3 of 12". */
  detail?: string;
  hideLabel?: boolean;
}

/** Long work, as far as it has come. */
export function Progress({ label, share, detail, hideLabel = false }: ProgressProps) {
  return (
    <ProgressBar
      className={styles.progress ?? ''}
      value={share === null ? 0 : share * 100}
      isIndeterminate={share === null}
      {...(detail ? { valueLabel: detail } : {})}
    >
      {({ percentage }) => (
        <>
          <span className={styles.words}>
            <Label className={hideLabel ? 'visually-hidden' : ''}>{label}</Label>
            {detail && <span>{detail}</span>}
          </span>
          <span className={styles.track}>
            <span
              className={`${styles.fill ?? ''} ${share === null ? (styles.unknown ?? '') : ''}`}
              style={share === null ? {} : { inlineSize: `${percentage ?? 0}%`, display: 'block' }}
            />
          </span>
        </>
      )}
    </ProgressBar>
  );
}
