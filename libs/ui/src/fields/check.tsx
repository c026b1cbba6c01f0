import { Check as CheckIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox, type CheckboxProps } from 'react-aria-components';
import styles from './field.module.css';

/** A box to tick, with its words. */
export function Check({
  children,
  ...rest
}: Pick<CheckboxProps, 'isSelected' | 'onChange' | 'isDisabled' | 'name' | 'isRequired'> & {
  children: ReactNode;
}) {
  return (
    <Checkbox {...rest} className={styles.check ?? ''}>
      <span className={styles.box}>
        <CheckIcon aria-hidden="true" />
      </span>
      <span>{children}</span>
    </Checkbox>
  );
}
