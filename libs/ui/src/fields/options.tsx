import { Label, Radio, RadioGroup, Text } from 'react-aria-components';
import type { ChoiceOption } from './choice.tsx';
import styles from './field.module.css';

/** One of a few that all stay in sight, each with what it means. */
export function Options<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: V;
  options: readonly ChoiceOption<V>[];
  onChange: (value: V) => void;
}) {
  return (
    <RadioGroup className={styles.options ?? ''} value={value} onChange={(chosen) => onChange(chosen as V)}>
      <Label className={styles.label ?? ''}>{label}</Label>
      {options.map((one) => (
        <Radio key={one.value} value={one.value} className={styles.option ?? ''}>
          <span className={styles.dot} aria-hidden="true" />
          <span>
            <span className={styles.optionLabel}>{one.label}</span>
            {one.hint && (
              <Text slot="description" className={styles.hint ?? ''}>
                {one.hint}
              </Text>
            )}
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
