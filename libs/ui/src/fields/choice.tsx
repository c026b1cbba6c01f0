import { ChevronDown } from 'lucide-react';
import {
  Button,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from 'react-aria-components';
import buttonStyles from '../buttons/button.module.css';
import menuStyles from '../overlays/menu.module.css';
import styles from './field.module.css';

export interface ChoiceOption<V extends string> {
  value: V;
  label: string;
  hint?: string;
}

export interface ChoiceProps<V extends string> {
  label: string;
  value: V;
  options: readonly ChoiceOption<V>[];
  onChange: (value: V) => void;
  hint?: string;
  hideLabel?: boolean;
  isDisabled?: boolean;
}

/** One of a few. */
export function Choice<V extends string>({
  label,
  value,
  options,
  onChange,
  hint,
  hideLabel = false,
  isDisabled = false,
}: ChoiceProps<V>) {
  return (
    <Select
      className={styles.field ?? ''}
      value={value}
      onChange={(chosen) => onChange(chosen as V)}
      isDisabled={isDisabled}
    >
      <Label className={hideLabel ? 'visually-hidden' : (styles.label ?? '')}>{label}</Label>
      <Button
        className={`${buttonStyles.button ?? ''} ${buttonStyles.secondary ?? ''} ${styles.select ?? ''}`}
      >
        <SelectValue>
          {({ defaultChildren }) => options.find((one) => one.value === value)?.label ?? defaultChildren}
        </SelectValue>
        <ChevronDown aria-hidden="true" />
      </Button>
      {hint && (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError />
      <Popover className={menuStyles.popover ?? ''}>
        <ListBox className={menuStyles.menu ?? ''} items={options.map((one) => ({ ...one, id: one.value }))}>
          {(one) => (
            <ListBoxItem className={menuStyles.item ?? ''} id={one.value} textValue={one.label}>
              <span>
                <Text slot="label">{one.label}</Text>
                {one.hint && (
                  <Text slot="description" className={styles.hint ?? ''} style={{ display: 'block' }}>
                    {one.hint}
                  </Text>
                )}
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
