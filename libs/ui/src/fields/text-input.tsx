import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from 'react-aria-components';
import { IconButton } from '../buttons/button.tsx';
import styles from './field.module.css';

export interface TextInputProps extends Pick<
  TextFieldProps,
  | 'name'
  | 'value'
  | 'onChange'
  | 'isRequired'
  | 'isDisabled'
  | 'autoFocus'
  | 'autoComplete'
  | 'type'
  | 'inputMode'
  | 'maxLength'
  | 'onBlur'
> {
  label: string;
  hint?: string;
  /** A sentence about what is wrong with it. */
  error?: string | null;
  placeholder?: string;
  isMultiline?: boolean;
  hideLabel?: boolean;
  /** For text that is not in the language of the page: addresses, words of a recovery key. */
  dir?: 'ltr' | 'auto';
  spellCheck?: 'false';
  autoCapitalize?: 'none';
}

const plain = { autoCorrect: 'off' } as const;

/** A field for text with its label, a hint, and its error. */
export function TextInput(props: TextInputProps) {
  const {
    label,
    hint,
    error,
    placeholder,
    isMultiline = false,
    hideLabel = false,
    dir,
    spellCheck,
    autoCapitalize,
    ...rest
  } = props;
  const input = {
    className: styles.input ?? '',
    ...(placeholder ? { placeholder } : {}),
    ...(dir ? { dir } : {}),
    ...(spellCheck ? { spellCheck, ...plain } : {}),
    ...(autoCapitalize ? { autoCapitalize } : {}),
  };
  return (
    <TextField {...rest} isInvalid={Boolean(error)} className={styles.field ?? ''}>
      <Label className={hideLabel ? 'visually-hidden' : (styles.label ?? '')}>{label}</Label>
      {isMultiline ? <TextArea {...input} /> : <Input {...input} />}
      {hint && (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </TextField>
  );
}

export interface PasswordInputProps extends Omit<TextInputProps, 'type' | 'isMultiline' | 'placeholder'> {
  /** What the button says that shows or hides the characters. */
  showLabel: string;
  hideCharactersLabel: string;
}

/** A password, which can be looked at while it is typed. */
export function PasswordInput(props: PasswordInputProps) {
  const { label, hint, error, showLabel, hideCharactersLabel, hideLabel: _hidden, ...rest } = props;
  const [isShown, show] = useState(false);
  return (
    <TextField
      {...rest}
      type={isShown ? 'text' : 'password'}
      isInvalid={Boolean(error)}
      className={styles.field ?? ''}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      <span className={styles.wrap}>
        <Input
          className={`${styles.input ?? ''} ${styles.padded ?? ''}`}
          dir="ltr"
          spellCheck="false"
          autoCapitalize="none"
          {...plain}
        />
        <span className={styles.inside}>
          <IconButton
            label={isShown ? hideCharactersLabel : showLabel}
            icon={isShown ? <EyeOff /> : <Eye />}
            onPress={() => show(!isShown)}
          />
        </span>
      </span>
      {hint && (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </TextField>
  );
}
