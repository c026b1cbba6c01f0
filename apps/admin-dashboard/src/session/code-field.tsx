import { TextInput } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

/** As the server takes it: some authenticators show `123 456`. */
export const plainCode = (typed: string): string => typed.replaceAll(/\s/g, '');

/** The six digits that an authenticator shows now. */
export function CodeField({
  label,
  hint,
  value,
  onChange,
  autoFocus = false,
}: {
  /** Which authenticator, where there are two. */
  label?: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}) {
  const text = useText();
  return (
    <TextInput
      label={label ?? text('session.code')}
      hint={hint ?? text('session.code.hint')}
      value={value}
      onChange={onChange}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      dir="ltr"
      autoFocus={autoFocus}
      isRequired
    />
  );
}
