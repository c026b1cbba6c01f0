import { TextInput, type TextInputProps } from './text-input.tsx';

/** A field for the address of an account. */
export function EmailInput(
  props: Pick<TextInputProps, 'label' | 'value' | 'onChange' | 'hint' | 'error' | 'autoFocus'>,
) {
  return <TextInput {...props} type="email" inputMode="email" autoComplete="username" isRequired dir="ltr" />;
}
