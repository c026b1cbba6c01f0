import { IconButton } from '@heirloom/ui';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import styles from './selection-bar.module.css';

export interface SelectionBarProps {
  count: number;
  onClear: () => void;
  /** Buttons. */
  children: ReactNode;
}

/** How many are selected, and what can be done with them. */
export function SelectionBar({ count, onClear, children }: SelectionBarProps) {
  const text = useText();
  const intl = useIntl();
  return (
    <div className={styles.bar} role="region" aria-label={text('media.selection')}>
      <IconButton label={text('media.selection.clear')} icon={<X aria-hidden="true" />} onPress={onClear} />
      <span className={styles.count} role="status">
        <span className={styles.words}>{text('media.selected', { count })}</span>
        <span className={styles.number} aria-hidden="true">
          {intl.formatNumber(count)}
        </span>
      </span>
      <span className={styles.actions}>{children}</span>
    </div>
  );
}
